'use client';

import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import {
  type DefaultValues,
  type FieldErrors,
  type FieldValues,
  type Path,
  type PathValue,
  type Resolver,
  type UseFormReturn,
  useForm,
} from 'react-hook-form';
import { toast } from 'sonner';
import { callAction } from '@/components/call-action';
import type { Check } from '@/lib/check';
import type { Save, SaveResult } from '@/lib/save-action';
import type { Stored } from '@/lib/settings-versions/stored';
import { changedNames, pick, sameValue } from './changes';
import { type FieldSpecs, fieldMessages, inOwnersWords } from './field-spec';
import { sayUndoable } from './say-undoable';
import { useSiteSettings } from './site';
import { setLeaving } from './unsaved';

type Patch = Readonly<Record<string, unknown>>;

/** Another tab or client changed the row after this form read it. */
export interface Conflict<Values> {
  /** What this form wants to write. */
  readonly patch: Patch;
  /** What is stored now. */
  readonly theirs: Stored<Values>;
  /** The fields that were changed elsewhere. */
  readonly changed: readonly string[];
}

export interface SettingsFormOptions<Values> {
  readonly stored: Stored<Values>;
  /** Where there are several rows. */
  readonly id?: string;
  /** The fields of this form; others of the row are not its concern. */
  readonly specs: FieldSpecs;
  /** What the API checks (lib/<domain>/check.ts), by a dynamic import. */
  readonly loadCheck: () => Promise<Check>;
  readonly save: Save<Values>;
}

export interface SettingsFormState<Values extends FieldValues> {
  readonly form: UseFormReturn<Values>;
  readonly specs: FieldSpecs;
  readonly stored: Stored<Values>;
  /** How many fields differ from what is stored. */
  readonly changes: number;
  readonly isSaving: boolean;
  /** Why the last save did nothing, where no field says so. */
  readonly refusal: string | null;
  readonly conflict: Conflict<Values> | null;
  /** Gets ready for what is about to be typed. */
  readonly prepare: () => void;
  /** Sends what changed. */
  readonly submit: () => Promise<void>;
  /** Back to what is stored. */
  readonly discard: () => void;
  /** Saves some fields at once, edits of others aside: shown as saved, and put back alone, to what was typed, if they are refused. */
  readonly saveNow: (patch: Partial<Values>) => Promise<boolean>;
  readonly resolve: (choice: 'mine' | 'theirs' | 'later') => Promise<void>;
}

/** react-hook-form knows the names of the fields; a message by wire name is one of a field. */
function toErrors<Values extends FieldValues>(
  messages: Readonly<Record<string, string>>,
): FieldErrors<Values> {
  const errors = Object.entries(messages).map(([name, message]) => [name, { type: 'refused', message }]);
  return Object.fromEntries(errors) as FieldErrors<Values>;
}

const toDefaults = <Values extends FieldValues>(stored: Stored<Values>) =>
  stored.values as DefaultValues<Values>;

/** A name and a value that belong together by construction: both come from the same row. */
function put<Values extends FieldValues>(form: UseFormReturn<Values>, name: string, value: unknown): void {
  form.setValue(name as Path<Values>, value as PathValue<Values, Path<Values>>);
}

/**
 * One settings row under edit. Checked as it is typed by what the API checks; a save sends the fields that changed and
 * the version they were changed on, so that two tabs never overwrite each other: a stale save becomes a `conflict`.
 */
export function useSettingsForm<Values extends FieldValues>(
  options: SettingsFormOptions<Values>,
): SettingsFormState<Values> {
  const { specs } = options;
  const { displayUnits } = useSiteSettings();
  const [stored, setStored] = useState(options.stored);
  const [changes, setChanges] = useState(0);
  const [sending, setSending] = useState(0);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [conflict, setConflict] = useState<Conflict<Values> | null>(null);
  const baseline = useRef(stored);
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  const { loadCheck } = options;
  const resolver: Resolver<Values> = async (values) => {
    const patch = pick(values, changedNames(baseline.current.values, values));
    // Without its code the page cannot check; the server does.
    const check = await loadCheck().catch(() => null);
    const issues = check?.(baseline.current.values, patch) ?? [];
    const messages = fieldMessages(issues, specs, displayUnits);
    return Object.keys(messages).length === 0
      ? { values, errors: {} }
      : { values: {}, errors: toErrors<Values>(messages) };
  };
  const form = useForm<Values>({ defaultValues: toDefaults(options.stored), resolver, mode: 'onChange' });

  useLayoutEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: () => {
          // Not the form's own isDirty: that waits for the check, whose code may still be on its way.
          setChanges(changedNames(baseline.current.values, form.getValues()).length);
          // A rule between two fields is told at both, so each change is checked as a whole.
          void form.trigger();
        },
      }),
    [form],
  );

  /** Takes `next` for what is stored; edits stay, but those of `dropped` fields. */
  const adopt = (next: Stored<Values>, dropped: (name: string, edit: unknown) => boolean) => {
    const values = form.getValues();
    const edits = changedNames(baseline.current.values, values).filter(
      (name) => !dropped(name, values[name]),
    );
    const kept = pick(values, edits);
    baseline.current = next;
    setStored(next);
    form.reset(toDefaults(next));
    for (const [name, value] of Object.entries(kept)) put(form, name, value);
  };

  // Changed elsewhere while nothing was edited here: shown at once. With edits, the save will tell.
  const { etag } = options.stored;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is what this waits for
  useEffect(() => {
    if (etag === baseline.current.etag || sending > 0) return;
    if (changedNames(baseline.current.values, form.getValues()).length === 0)
      adopt(options.stored, () => true);
  }, [etag]);

  const request = (patch: Patch, on: string): Promise<SaveResult<Values>> =>
    callAction(() => options.save({ id: options.id, patch: { ...patch }, etag: on }));

  /** One save after the other; resolves to null once it is stored, or else to why it is not known to be. */
  const send = (patch: Patch, on?: string): Promise<string | null> => {
    const work = async () => {
      setSending((count) => count + 1);
      setRefusal(null);
      const before = baseline.current.values;
      let result = await request(patch, on ?? baseline.current.etag);
      if (result.status === 'stale') {
        const theirs = result;
        // What this form does not show is no quarrel; nor is what stands there as wanted, by a save whose answer was lost.
        const changed = changedNames(before, theirs.values).filter(
          (name) =>
            specs[name] !== undefined && !(name in patch && sameValue(theirs.values[name], patch[name])),
        );
        if (changed.length === 0) result = await request(patch, theirs.etag);
        else setConflict({ patch, theirs, changed });
      }
      setSending((count) => count - 1);
      if (result.status === 'saved') {
        adopt(result, (name, edit) => name in patch && sameValue(edit, patch[name]));
        const previous = pick(before, Object.keys(patch));
        sayUndoable('Saved. In force from the next tick.', () => {
          void send(previous).then((trouble) => trouble !== null && toast.error(trouble));
        });
        return null;
      }
      setLeaving(null);
      if (result.status === 'refused') {
        const messages = fieldMessages(result.issues, specs, displayUnits);
        for (const [name, message] of Object.entries(messages)) {
          form.setError(name as Path<Values>, { type: 'refused', message });
        }
        const error = inOwnersWords(result.error, specs, displayUnits);
        if (Object.keys(messages).length === 0) setRefusal(error);
        return error;
      }
      return 'It was changed elsewhere meanwhile.';
    };
    const next = queue.current.then(work);
    queue.current = next;
    return next;
  };

  return {
    form,
    specs,
    stored,
    changes,
    isSaving: sending > 0 || form.formState.isSubmitting,
    refusal,
    conflict,
    prepare: () => void loadCheck().catch(() => null),
    submit: form.handleSubmit(async (values) => {
      const names = changedNames(baseline.current.values, values);
      if (names.length > 0) await send(pick(values, names));
    }),
    discard: () => {
      setRefusal(null);
      form.reset(toDefaults(baseline.current));
    },
    saveNow: async (patch) => {
      const typed = form.getValues();
      const edits = pick(typed, changedNames(baseline.current.values, typed));
      for (const [name, value] of Object.entries(patch)) put(form, name, value);
      const trouble = await send(patch);
      if (trouble === null) return true;
      const values = form.getValues();
      const untouched = Object.keys(patch).filter((name) => sameValue(values[name], patch[name]));
      for (const name of untouched)
        put(form, name, name in edits ? edits[name] : baseline.current.values[name]);
      toast.error(`${untouched.map((name) => specs[name]?.label ?? name).join(', ')}: ${trouble}`);
      return false;
    },
    resolve: async (choice) => {
      setConflict(null);
      if (conflict === null || choice === 'later') return;
      if (choice === 'mine') await send(conflict.patch, conflict.theirs.etag);
      else adopt(conflict.theirs, (name) => conflict.changed.includes(name));
    },
  };
}
