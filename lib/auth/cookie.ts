export const SESSION_COOKIE = 'cc_session';

/** The longest that browsers keep a cookie; the session itself ends after 30 days without use. */
const LONGEST_AGE_SECONDS = 400 * 86_400;

/** Secure wherever the browser speaks HTTPS, which behind a proxy only X-Forwarded-Proto tells. */
export function sessionCookieOptions(headers: Headers) {
  const proto = headers.get('x-forwarded-proto')?.split(',')[0]?.trim().toLowerCase();
  return {
    httpOnly: true,
    sameSite: 'lax',
    secure: proto === 'https',
    path: '/',
    maxAge: LONGEST_AGE_SECONDS,
  } as const;
}

/** The cookie's value as a request carries it; null = none. */
export function sessionSecret(headers: Headers): string | null {
  for (const part of headers.get('cookie')?.split(';') ?? []) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).trim() === SESSION_COOKIE) return part.slice(equals + 1).trim();
  }
  return null;
}

/** Set-Cookie for a new session, from a route handler. */
export function sessionCookie(secret: string, headers: Headers): string {
  const { maxAge, secure } = sessionCookieOptions(headers);
  return `${SESSION_COOKIE}=${secret}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
}

/** Set-Cookie that ends it in the browser. */
export function clearedSessionCookie(headers: Headers): string {
  return sessionCookie('', headers).replace(/Max-Age=\d+/, 'Max-Age=0');
}
