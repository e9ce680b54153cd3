'use client';

import type { FieldValues } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Modal } from '@/components/ui/modal';
import { ChangeList } from './change-list';
import { pick } from './changes';
import { useSiteSettings } from './site';
import type { SettingsFormState } from './use-settings-form';

/** Somebody else saved first: shows what they changed and lets the owner choose. */
export function ConflictDialog<Values extends FieldValues>({ state }: { state: SettingsFormState<Values> }) {
  const { displayUnits } = useSiteSettings();
  const { conflict, specs, stored } = state;
  if (conflict === null) return null;
  const { theirs, changed, patch } = conflict;
  const both = changed.filter((name) => name in patch);
  return (
    <Modal
      title="These settings were changed elsewhere"
      onCancel={() => void state.resolve('later')}
      actions={
        <>
          <Button onClick={() => void state.resolve('later')}>Decide later</Button>
          <Button onClick={() => void state.resolve('theirs')}>Take the changes from elsewhere</Button>
          <Button variant="primary" onClick={() => void state.resolve('mine')}>
            Save mine over them
          </Button>
        </>
      }
    >
      <p>Nothing of yours was saved. Meanwhile another tab, person or program changed:</p>
      <ChangeList
        specs={specs}
        before={pick(stored.values, changed)}
        after={pick(theirs.values, changed)}
        units={displayUnits}
      />
      <p>{both.length === 0 ? 'You want to save:' : 'You changed the same settings. You want to save:'}</p>
      <ChangeList
        specs={specs}
        before={pick(theirs.values, Object.keys(patch))}
        after={patch}
        units={displayUnits}
      />
      {both.length === 0 && <p className="text-ink-soft">Saving yours keeps what was changed elsewhere.</p>}
    </Modal>
  );
}
