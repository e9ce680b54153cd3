'use client';

import { useSyncExternalStore } from 'react';

let hasEnded = false;
const watchers = new Set<() => void>();

function set(next: boolean): void {
  if (next === hasEnded) return;
  hasEnded = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** An answer of the server told that this browser is signed out: it expired, or was ended elsewhere. */
export const noteSessionEnd = (): void => set(true);

/** Somebody is signed in, maybe again. */
export const noteSignIn = (): void => set(false);

export const sessionHasEnded = (): boolean => hasEnded;

export function useSessionEnded(): boolean {
  return useSyncExternalStore(watch, sessionHasEnded, () => false);
}
