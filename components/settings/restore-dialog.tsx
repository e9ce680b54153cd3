'use client';

import { useState, useTransition } from 'react';
import { toast } from 'sonner';
import { callAction, isRefusal } from '@/components/call-action';
import { Bullets } from '@/components/ui/bullets';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { restoreSettingsVersion, type ShownVersion } from '@/lib/settings-versions/actions';
import type { Stored } from '@/lib/settings-versions/stored';
import { ChangeList } from './change-list';
import { changedNames, pick } from './changes';
import { type FieldSpecs, inOwnersWords } from './field-spec';
import { useSiteSettings } from './site';

/** What would be deleted when these fields change, a line each. */
export type ConsequencesOf = (next: Readonly<Record<string, unknown>>) => readonly string[];

interface RestoreDialogProps {
  readonly version: ShownVersion;
  readonly specs: FieldSpecs;
  readonly stored: Stored<Readonly<Record<string, unknown>>>;
  readonly consequencesOf?: ConsequencesOf;
  readonly onClose: () => void;
}

const STATES = [
  { value: 'after', label: 'As this change left it' },
  { value: 'before', label: 'As it was before this change' },
] as const;
type State = (typeof STATES)[number]['value'];

/** Shows what a restore would change now, before it does. */
export function RestoreDialog({ version, specs, stored, consequencesOf, onClose }: RestoreDialogProps) {
  const { displayUnits } = useSiteSettings();
  const [isPending, startTransition] = useTransition();
  const [error, setError] = useState<string | null>(null);
  /** The fields that would change, as they would then be; of the whole row, but only what a write can set. */
  const changesTo = (state: State) => {
    const kept = version[state];
    if (kept === null) return null;
    const known = pick(
      kept,
      Object.keys(stored.values).filter((name) => name in kept),
    );
    return pick(known, changedNames(stored.values, known));
  };
  const isOffered = (state: State) => Object.keys(changesTo(state) ?? {}).length > 0;
  const offered = STATES.filter(({ value }) => isOffered(value));
  const [state, setState] = useState<State>(offered[0]?.value ?? 'after');
  const next = changesTo(state) ?? {};
  const consequences = consequencesOf?.(next) ?? [];
  const unseen = Object.keys(next).filter((name) => specs[name] === undefined).length;

  const restore = () =>
    startTransition(async () => {
      const answer = await callAction(() =>
        restoreSettingsVersion({ id: version.id, state, etag: stored.etag }),
      );
      if (isRefusal(answer)) {
        setError(inOwnersWords(answer.error, specs, displayUnits));
        return;
      }
      toast.success('Restored. In force from the next tick.');
      onClose();
    });

  return (
    <ConfirmDialog
      title="Restore older settings"
      confirmLabel="Restore"
      isPending={isPending}
      canConfirm={offered.length > 0}
      error={error}
      onConfirm={restore}
      onCancel={onClose}
    >
      {offered.length === 0 ? (
        <p>The settings are as they were then: there is nothing to restore.</p>
      ) : (
        <>
          <fieldset className="grid gap-1">
            <legend className="sr-only">Which state</legend>
            {offered.map(({ value, label }) => (
              <label key={value} className="flex min-h-9 items-center gap-2">
                <input
                  type="radio"
                  name="restored-state"
                  className="size-4 accent-[var(--accent)]"
                  checked={value === state}
                  onChange={() => setState(value)}
                />
                {label}
              </label>
            ))}
          </fieldset>
          <p className="font-medium">This will change now:</p>
          <ChangeList
            specs={specs}
            before={pick(stored.values, Object.keys(next))}
            after={next}
            units={displayUnits}
          />
          {consequences.length > 0 && (
            <>
              <p className="font-medium text-danger">It deletes, within the hour and for good:</p>
              <Bullets items={consequences} />
            </>
          )}
          {unseen > 0 && (
            <p>
              And {unseen} {unseen === 1 ? 'setting' : 'settings'} of other pages.
            </p>
          )}
          <p className="text-ink-soft">It is stored as a new change, so it can be restored from as well.</p>
        </>
      )}
    </ConfirmDialog>
  );
}
