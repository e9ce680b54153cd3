/** Request header in which proxy.ts tells the page that is asked for. */
export const PAGE_HEADER = 'x-page';

/** Where the sign-in leads to: a path of this site with its query, else the cockpit. */
export function safeReturn(path: string | null | undefined): string {
  // "//host" and "/\host" are addresses of other sites to a browser.
  return path && /^\/(?![/\\])[^\s\\]*$/.test(path) ? path : '/';
}

/** The sign-in page that leads back to `path`. */
export function signInPath(path: string | null): string {
  const returnTo = safeReturn(path);
  return returnTo === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ return_to: returnTo })}`;
}
