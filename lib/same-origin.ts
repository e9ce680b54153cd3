function first(header: string | null): string | null {
  return header?.split(',')[0]?.trim().toLowerCase() || null;
}

/**
 * Whether a request that a browser signed with a cookie comes from our own page. Hosts are compared, with port, and
 * not the scheme, which a TLS proxy changes. X-Forwarded-Host counts too: another site's page cannot set it without a
 * preflight, and none is ever allowed.
 */
export function isSameOrigin(headers: Headers): boolean {
  const origin = headers.get('origin');
  if (origin === null) return headers.get('sec-fetch-site') === 'same-origin';
  let host: string;
  try {
    host = new URL(origin).host;
  } catch {
    return false;
  }
  return (
    host !== '' && (host === first(headers.get('host')) || host === first(headers.get('x-forwarded-host')))
  );
}
