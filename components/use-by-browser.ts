import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** What only the browser can tell; until the page is alive, what the server rendered it with. */
export const useByBrowser = <Value>(inBrowser: () => Value, onServer: () => Value): Value =>
  useSyncExternalStore(never, inBrowser, onServer);
