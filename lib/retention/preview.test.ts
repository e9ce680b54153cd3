import { describe, expect, it } from 'vitest';
import { MOST_DAYS } from '@/lib/storage/days-left';
import type { WireStorage } from '@/lib/storage/serialise';
import { DAY_MS } from './cutoffs';
import { previewRetention } from './preview';
import type { WireRetention } from './serialise';

const NOW = Date.UTC(2026, 5, 1, 12, 30);
const STORED: WireRetention = { raw_days: 30, minute_days: 365, quarter_days: null };
const HOUR = DAY_MS / 24;

const tier = (name: WireStorage['tiers'][number]['tier'], heldDays: number, bytesPerDay: number) => ({
  tier: name,
  bytes: heldDays * bytesPerDay,
  bytes_per_day: bytesPerDay,
  oldest_at: new Date(NOW - heldDays * DAY_MS).toISOString(),
  keep_days: null,
});
const STORAGE: WireStorage = {
  database_bytes: 1e9,
  free_bytes: 1000,
  days_left: 100,
  tiers: [tier('raw', 20, 100), tier('1m', 100, 10), tier('15m', 100, 1), tier('1d', 100, 0)],
};
const preview = (change: Partial<WireRetention>) =>
  previewRetention({ stored: STORED, next: { ...STORED, ...change }, storage: STORAGE, now: NOW });

describe('previewRetention', () => {
  it('deletes nothing where nothing is changed, or more is kept', () => {
    expect(preview({}).losses).toEqual([]);
    expect(preview({ raw_days: 60 }).losses).toEqual([]);
    expect(preview({ raw_days: 25 }).losses).toEqual([]);
  });

  it('says from when, how many days and about how much', () => {
    expect(preview({ raw_days: 5 }).losses).toEqual([
      {
        tier: 'raw_days',
        before: Date.UTC(2026, 4, 27, 12),
        days: expect.closeTo(15 - 0.5 / 24, 5),
        bytes: expect.closeTo(1500 - 100 / 48, 5),
      },
    ]);
  });

  it('keeps a day of the coarser tier more, as the worker does', () => {
    const { losses } = preview({ raw_days: 5, minute_days: 5 });
    expect(losses[1]).toMatchObject({ tier: 'minute_days', before: Date.UTC(2026, 4, 26, 12) });
    expect(losses[1]?.days).toBeCloseTo(94 - HOUR / 2 / DAY_MS, 5);
  });

  it('says how long the disk lasts, with the room that a deletion makes', () => {
    // 111 bytes a day until 30 days of ticks are held, then 11.
    expect(preview({}).daysLeft).toBe(9);
    // Ticks are at their limit at once and 1500 bytes come free: 11 bytes a day of 2500.
    expect(preview({ raw_days: 5 }).daysLeft).toBe(227);
    expect(preview({ raw_days: 5, minute_days: 5, quarter_days: 5 }).daysLeft).toBe(MOST_DAYS);
  });

  it('does not guess what is not known', () => {
    const unknown = { ...STORAGE, free_bytes: null, days_left: null };
    expect(
      previewRetention({ stored: STORED, next: STORED, storage: unknown, now: NOW }).daysLeft,
    ).toBeNull();
    const empty = {
      ...STORAGE,
      tiers: STORAGE.tiers.map((held) => ({ ...held, bytes: 0, oldest_at: null })),
    };
    expect(
      previewRetention({ stored: STORED, next: { ...STORED, raw_days: 2 }, storage: empty, now: NOW }).losses,
    ).toEqual([]);
  });
});
