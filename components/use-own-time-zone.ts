import { useByBrowser } from './use-by-browser';

/** The browser's. Null where the page is rendered by the server, which does not know. */
export const useOwnTimeZone = (): string | null =>
  useByBrowser(
    () => new Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => null,
  );
