'use client';

import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { ChangeList } from '@/components/settings/change-list';
import { changedNames, pick } from '@/components/settings/changes';
import { useSiteSettings } from '@/components/settings/site';
import type { SettingsFormState } from '@/components/settings/use-settings-form';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { PreferencesValues } from '@/lib/preferences/schema';

interface ResetButtonProps {
  readonly state: SettingsFormState<PreferencesValues>;
  readonly defaults: PreferencesValues;
}

/** Back to the defaults of this page's settings; shows what that changes before it does. */
export function ResetButton({ state, defaults }: ResetButtonProps) {
  const { displayUnits } = useSiteSettings();
  const [isAsking, setIsAsking] = useState(false);
  const { specs, stored } = state;
  const names = changedNames(pick(stored.values, Object.keys(specs)), pick(defaults, Object.keys(specs)));
  return (
    <>
      <Button onClick={() => setIsAsking(true)}>
        <RotateCcw aria-hidden className="size-4" />
        Reset to defaults…
      </Button>
      {isAsking && (
        <ConfirmDialog
          title="Reset to defaults"
          confirmLabel="Reset"
          tone="danger"
          isPending={state.isSaving}
          canConfirm={names.length > 0}
          onConfirm={() => {
            setIsAsking(false);
            void state.saveNow(pick(defaults, names)).then((isStored) => isStored && state.discard());
          }}
          onCancel={() => setIsAsking(false)}
        >
          {names.length === 0 ? (
            <p>Everything here stands at its default.</p>
          ) : (
            <>
              <p>This will change now, and can be undone:</p>
              <ChangeList
                specs={specs}
                before={pick(stored.values, names)}
                after={pick(defaults, names)}
                units={displayUnits}
              />
              {state.changes > 0 && <p>What you typed and did not save is dropped.</p>}
            </>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
