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
