'use client';

import { useEffect, useId, useLayoutEffect, useSyncExternalStore } from 'react';

/** Of all guarded forms of the page: edits that nobody is saving, or else edits that are being saved. */
export type Unsaved = 'nothing' | 'saving' | 'edits';

/** Where somebody wants to go who was held up, or what leads there. */
export type Leaving = { readonly to: string } | { readonly back: string } | { readonly by: () => void };

const forms = new Map<string, Unsaved>();
let leaving: Leaving | null = null;
const watchers = new Set<() => void>();

function tell(): void {
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function note(form: string, unsaved: Unsaved): void {
  if (unsaved === 'nothing') forms.delete(form);
  else forms.set(form, unsaved);
  tell();
}

/** What the page holds at this moment that is not stored. */
export function unsavedNow(): Unsaved {
  const all = [...forms.values()];
  return all.find((unsaved) => unsaved === 'edits') ?? all[0] ?? 'nothing';
}

/** Null: whoever wanted to leave stays, as after a save that failed, to see why. */
export function setLeaving(way: Leaving | null): void {
  leaving = way;
  tell();
}

export const useUnsaved = (): Unsaved => useSyncExternalStore(watch, unsavedNow, () => 'nothing');

export const useLeaving = (): Leaving | null =>
  useSyncExternalStore(
    watch,
    () => leaving,
    () => null,
  );

/** Has what a form holds and has not stored guarded, from the moment that the page shows it. */
export function useGuarded(isDirty: boolean, isSaving: boolean): void {
  const form = useId();
  const unsaved = isDirty ? (isSaving ? 'saving' : 'edits') : 'nothing';
  useLayoutEffect(() => note(form, unsaved), [form, unsaved]);
  useEffect(() => () => note(form, 'nothing'), [form]);
}
