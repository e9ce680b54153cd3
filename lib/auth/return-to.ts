/** Request header in which proxy.ts tells the page that is asked for. */
export const PAGE_HEADER = 'x-page';

/** No site has this name; only what an address says of another one counts. */
const HERE = 'http://here.invalid';

/** Where the sign-in leads to: a path of this site with its query, else the cockpit. */
export function safeReturn(path: string | null | undefined): string {
  if (!path?.startsWith('/') || !URL.canParse(path, HERE)) return '/';
  // As a browser reads it: "/.//host" and "/\\host" are addresses of other sites in the end.
  const { origin, pathname, search } = new URL(path, HERE);
  return origin === HERE && !pathname.startsWith('//') ? pathname + search : '/';
}

/** The sign-in page that leads back to `path`. */
export function signInPath(path: string | null): string {
  const returnTo = safeReturn(path);
  return returnTo === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ return_to: returnTo })}`;
}
