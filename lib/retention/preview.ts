import { daysLeft } from '@/lib/storage/days-left';
import type { WireStorage } from '@/lib/storage/serialise';
import { type Cutoffs, cutoffsOf, DAY_MS, HOUR_MS, keptSince } from './cutoffs';
import type { Retention } from './schema';
import type { WireRetention } from './serialise';

/** What one tier would lose within the hour. */
export interface Loss {
  readonly tier: keyof WireRetention;
  /** Epoch ms: everything older goes. */
  readonly before: number;
  readonly days: number;
  /** An estimate: the tier's size by the time it covers. */
  readonly bytes: number;
}

export interface RetentionPreview {
  readonly losses: readonly Loss[];
  /** Until the disk is full; null = not known. */
  readonly daysLeft: number | null;
}

const TIERS = [
  { tier: 'raw', field: 'raw_days', cutoff: 'raw' },
  { tier: '1m', field: 'minute_days', cutoff: 'minutes' },
  { tier: '15m', field: 'quarter_days', cutoff: 'quarters' },
] as const;

const fromWire = (wire: WireRetention): Retention => ({
  rawDays: wire.raw_days,
  minuteDays: wire.minute_days,
  quarterDays: wire.quarter_days,
});

/** The next prune's, where everything is rolled up: whole hours, as it deletes. */
function dueAt(wire: WireRetention, now: number): Cutoffs {
  const since = keptSince(wire.raw_days, now);
  const finalBefore = since === null ? null : Math.floor(since / HOUR_MS) * HOUR_MS;
  return cutoffsOf(fromWire(wire), { now, finalBefore });
}

/** What `next` would delete of what `stored` keeps, and how long the disk lasts with it. `now` is epoch ms. */
export function previewRetention(request: {
  readonly stored: WireRetention;
  readonly next: WireRetention;
  readonly storage: WireStorage;
  readonly now: number;
}): RetentionPreview {
  const { stored, next, storage, now } = request;
  const today = dueAt(stored, now);
  const then = dueAt(next, now);
  const losses = TIERS.flatMap(({ tier, field, cutoff }): Loss[] => {
    const held = storage.tiers.find((candidate) => candidate.tier === tier);
    const before = then[cutoff];
    if (!held?.oldest_at || before === null) return [];
    const oldest = Date.parse(held.oldest_at);
    const lostMs = before - Math.max(oldest, today[cutoff] ?? oldest);
    if (lostMs <= 0) return [];
    return [
      {
        tier: field,
        before,
        days: lostMs / DAY_MS,
        bytes: (held.bytes * lostMs) / Math.max(lostMs, now - oldest),
      },
    ];
  });
  return { losses, daysLeft: daysLeftWith(next, { storage, losses, now }) };
}

/** What a deletion leaves free in the database is used again before the disk is. */
function daysLeftWith(
  next: WireRetention,
  { storage, losses, now }: { storage: WireStorage; losses: readonly Loss[]; now: number },
): number | null {
  if (storage.days_left === null || storage.free_bytes === null) return null;
  const growth = storage.tiers.map(({ tier, bytes_per_day, oldest_at }) => {
    const field = TIERS.find((candidate) => candidate.tier === tier)?.field;
    const lost = losses.find((loss) => loss.tier === field)?.days ?? 0;
    return {
      bytesPerDay: bytes_per_day,
      heldDays: oldest_at === null ? 0 : (now - Date.parse(oldest_at)) / DAY_MS - lost,
      keepDays: field === undefined ? null : next[field],
    };
  });
  return daysLeft(growth, storage.free_bytes + losses.reduce((sum, { bytes }) => sum + bytes, 0));
}
