import 'server-only';
import { getDatabase } from '@/db/client';
import { localDateOf } from '@/lib/local-day';
import { readGains } from './queries';
import { type GainsRange, gainsQuery, gainsRange } from './schema';
import { serialiseGains, type WireGains } from './serialise';

/** The gains that a page's address asks for; whatever it does not understand is the last 30 days. */
export async function loadGains(request: {
  readonly ownerId: string;
  readonly timeZone: string;
  readonly search: unknown;
}): Promise<{ gains: WireGains; range: GainsRange; today: string }> {
  const { ownerId, timeZone, search } = request;
  const now = Date.now();
  const today = localDateOf(now, timeZone);
  const query = gainsQuery.safeParse(search);
  const range = gainsRange(query.success ? query.data : {}, today);
  const gains = await readGains(getDatabase().db, { ownerId, ...range, timeZone, now });
  return { gains: serialiseGains(gains), range, today };
}
