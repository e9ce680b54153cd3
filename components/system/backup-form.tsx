'use client';

import { useId, useState } from 'react';
import { toast } from 'sonner';
import { sameValue } from '@/components/settings/changes';
import { setLeaving, useGuarded } from '@/components/settings/unsaved';
import { Button } from '@/components/ui/button';
import { ErrorText } from '@/components/ui/error-text';
import { describedBy, Field, INPUT_CLASSES } from '@/components/ui/field';
import { NumberInput } from '@/components/ui/number-input';
import { issueAt, useAction } from '@/components/use-action';
import { saveBackupChoice } from '@/lib/backup/actions';
import type { BackupView } from '@/lib/system/page-data';

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

interface BackupChoice {
  readonly folder: string;
  readonly hour: number;
  /** Null: nothing is typed. */
  readonly keep: number | null;
}

/** Folder, hour and how many are kept; the server proves the folder before it takes it. */
export function BackupForm({ backup }: { readonly backup: BackupView }) {
  const ids = { folder: useId(), hour: useId(), keep: useId() };
  /** What was stored from here, until the page is told. */
  const [saved, setSaved] = useState<{ over: BackupView; choice: BackupChoice } | null>(null);
  const stored: BackupChoice =
    saved?.over === backup
      ? saved.choice
      : { folder: backup.folder ?? '', hour: backup.hour, keep: backup.keep };
  /** On top of what is stored, here or elsewhere. */
  const [edits, setEdits] = useState<Partial<BackupChoice>>({});
  const choice = { ...stored, ...edits };
  const edit = (change: Partial<BackupChoice>) => setEdits((before) => ({ ...before, ...change }));
  const save = useAction(saveBackupChoice);
  useGuarded(!sameValue(stored, choice), save.isPending);
  const issues = save.refusal?.issues;
  const errors = {
    folder: issueAt(issues, 'folder', 'Folder'),
    keep: issueAt(issues, 'keep', 'Backups kept'),
  };
  const submit = async () => {
    if ((await save.run(choice)) === null) return setLeaving(null);
    setSaved({ over: backup, choice });
    // What was typed meanwhile stays.
    setEdits((now) => (now === edits ? {} : now));
    toast.success(choice.folder.trim() === '' ? 'Nightly backups are off.' : 'Saved.');
  };
  return (
    <form
      aria-label="Nightly backup"
      noValidate
      className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-[3fr_1fr_1fr_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        id={ids.folder}
        label="Folder"
        error={errors.folder}
        hint="On the machine that runs CommandCenter, with its whole path, e.g. /mnt/usb/commandcenter. Empty: no backup."
      >
        <input
          {...describedBy(ids.folder, { error: errors.folder, hint: true })}
          value={choice.folder}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => edit({ folder: target.value })}
          className={INPUT_CLASSES}
        />
      </Field>
      <Field id={ids.hour} label="Every day at">
        <select
          id={ids.hour}
          value={choice.hour}
          onChange={({ target }) => edit({ hour: Number(target.value) })}
          className={INPUT_CLASSES}
        >
          {HOURS.map((value) => (
            <option key={value} value={value}>
              {String(value).padStart(2, '0')}:00
            </option>
          ))}
        </select>
      </Field>
      <Field id={ids.keep} label="Backups kept" error={errors.keep}>
        <NumberInput
          {...describedBy(ids.keep, { error: errors.keep })}
          value={choice.keep}
          onChange={(keep) => edit({ keep })}
        />
      </Field>
      <Button type="submit" disabled={save.isPending} className="sm:mt-6">
        {save.isPending ? 'Trying the folder…' : 'Save'}
      </Button>
      {save.refusal && errors.folder === undefined && errors.keep === undefined && (
        <ErrorText className="sm:col-span-full">{save.refusal.error}</ErrorText>
      )}
    </form>
  );
}
