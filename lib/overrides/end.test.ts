import { describe, expect, it } from 'vitest';
import { endOf, type Place } from './end';
import type { OverrideInput } from './schema';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 5, 1, 19, 0);
const SAN_JOSE: Place = { latitudeDeg: 37.3382, longitudeDeg: -121.8863 };
const input = (end: Partial<OverrideInput>): OverrideInput => ({ load_id: 'miner:x', state: 'off', ...end });
const at = (iso: string) => Date.parse(iso);

describe('endOf', () => {
  it('counts minutes from now', () => {
    expect(endOf(input({ duration_minutes: 90 }), NOON, SAN_JOSE)).toBe(NOON + 1.5 * HOUR_MS);
  });

  it('takes an instant up to 24 h away, and names now and the limit for any other', () => {
    expect(endOf(input({ ends_at: '2026-06-02T12:00:00-07:00' }), NOON, SAN_JOSE)).toBe(NOON + 24 * HOUR_MS);
    expect(() => endOf(input({ ends_at: '2026-06-02T19:00:01Z' }), NOON, SAN_JOSE)).toThrow(
      'ends_at must be at most 24 h from now (2026-06-02T19:00:00.000Z).',
    );
    expect(() => endOf(input({ ends_at: '2026-06-01T19:00:00Z' }), NOON, SAN_JOSE)).toThrow(
      'ends_at must be later than now (2026-06-01T19:00:00.000Z).',
    );
  });

  // Times of the almanac (timeanddate.com gives 05:48, 05:48 and 07:17 local), to two minutes.
  it.each([
    ['2026-06-01T19:00:00Z', '2026-06-02T12:48:00Z'],
    ['2026-06-02T12:30:00Z', '2026-06-02T12:48:00Z'],
    ['2026-12-21T07:59:00Z', '2026-12-21T15:18:00Z'],
  ])('waits from %s for the next sunrise at the owner’s place', (now, sunrise) => {
    const end = endOf(input({ until: 'sunrise' }), at(now), SAN_JOSE);
    expect(Math.abs(end - at(sunrise))).toBeLessThan(2 * 60_000);
  });

  it('is later than now and within 24 h at every hour of the year between the polar circles', () => {
    for (const latitudeDeg of [-65, -40, 0, 52, 65]) {
      for (const longitudeDeg of [-179, -122, 0, 91, 179]) {
        for (let now = at('2026-01-01T00:00:00Z'); now < at('2027-01-01T00:00:00Z'); now += 61 * HOUR_MS) {
          const end = endOf(input({ until: 'sunrise' }), now, { latitudeDeg, longitudeDeg });
          expect(end).toBeGreaterThan(now);
          expect(end).toBeLessThanOrEqual(now + 24 * HOUR_MS);
        }
      }
    }
  });

  it('says why there is no sunrise to wait for', () => {
    const polar = { latitudeDeg: 78.2, longitudeDeg: 15.6 };
    expect(() => endOf(input({ until: 'sunrise' }), at('2026-12-21T12:00:00Z'), polar)).toThrow(
      /does not rise/,
    );
    const nowhere = { latitudeDeg: null, longitudeDeg: null };
    expect(() => endOf(input({ until: 'sunrise' }), NOON, nowhere)).toThrow(/set location_lat/);
  });
});
