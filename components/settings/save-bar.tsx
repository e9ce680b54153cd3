'use client';

import type { FieldValues } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import type { SettingsFormState } from './use-settings-form';

function messageOf<Values extends FieldValues>(state: SettingsFormState<Values>): string {
  const { form, changes, isSaving, refusal } = state;
  if (isSaving) return 'Saving…';
  if (refusal !== null) return refusal;
  const wrong = Object.keys(form.formState.errors).length;
  if (wrong > 0) return `${wrong === 1 ? 'One field needs' : `${wrong} fields need`} another value.`;
  return `${changes === 1 ? 'One change is' : `${changes} changes are`} not saved.`;
}

interface SaveBarProps<Values extends FieldValues> {
  readonly state: SettingsFormState<Values>;
  /** Save was pressed, and what the changes would have done is worked out first. */
  readonly isWaiting: boolean;
  /** What saving would mean, in one line. */
  readonly note: string | null;
}

/** Stays in sight while something is not saved. */
export function SaveBar<Values extends FieldValues>({ state, isWaiting, note }: SaveBarProps<Values>) {
  const { form, changes, isSaving, refusal } = state;
  const wrong = Object.keys(form.formState.errors).length;
  const isOpen = changes > 0 || isSaving;
  return (
    <div
      className={`sticky bottom-0 z-10 -mx-4 flex flex-wrap items-center justify-end gap-2 border-line border-t bg-surface px-4 py-3 sm:mx-0 sm:rounded-t-lg sm:border-x ${isOpen ? '' : 'hidden'}`}
    >
      <p
        role="status"
        className={`wrap-anywhere min-w-0 flex-1 basis-28 ${!isSaving && (refusal !== null || wrong > 0) ? 'text-danger' : ''}`}
      >
        {isOpen && (isWaiting ? 'Playing the last days with it first…' : messageOf(state))}
        {isOpen && note !== null && !isSaving && (
          <span className="block text-ink-soft text-xs" data-testid="behaviour">
            {note}
          </span>
        )}
      </p>
      <Button onClick={state.discard} disabled={isSaving}>
        Discard
      </Button>
      <Button type="submit" variant="primary" disabled={isSaving || wrong > 0}>
        Save
      </Button>
    </div>
  );
}
