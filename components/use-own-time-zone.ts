import { useSyncExternalStore } from 'react';

const subscribeToNothing = () => () => {};

/** The browser's. Null where the page is rendered by the server, which does not know. */
export const useOwnTimeZone = (): string | null =>
  useSyncExternalStore(
    subscribeToNothing,
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => null,
  );
