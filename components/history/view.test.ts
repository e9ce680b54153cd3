import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datesOf, daysView, panned, rangeOfView, searchOf, titleOf, viewFrom, zoomed } from './view';

const NOW = Date.UTC(2026, 5, 20, 19);
const HOUR = 3_600_000;
const LOS_ANGELES = 'America/Los_Angeles';

describe('a view of history', () => {
  it('moves by a share of itself and stops at now', () => {
    const day = rangeOfView({ kind: 'preset', preset: '24h' }, NOW);
    expect(panned(day, -0.5, NOW)).toEqual({ kind: 'fixed', from: NOW - 36 * HOUR, to: NOW - 12 * HOUR });
    expect(panned(day, 0.5, NOW)).toEqual({ kind: 'fixed', ...day });
    expect(panned({ from: NOW - 10 * HOUR, to: NOW - HOUR }, 0.5, NOW)).toMatchObject({ to: NOW });
  });

  it('stays where its address is understood, however far out and back', () => {
    let range = rangeOfView({ kind: 'preset', preset: '1y' }, NOW);
    for (let i = 0; i < 9; i += 1) range = rangeOfView(zoomed(range, 2, 0.5, NOW), NOW);
    for (let i = 0; i < 3; i += 1) range = rangeOfView(panned(range, -0.5, NOW), NOW);
    range = rangeOfView(zoomed(range, 2, 1, NOW), NOW);
    expect(range.from).toBe(0);
    const view = { kind: 'fixed', ...range } as const;
    expect(viewFrom(Object.fromEntries(new URLSearchParams(searchOf(view))))).toEqual(view);
  });

  it('zooms about the place pointed at, never below minutes nor beyond now', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0.05, max: 20, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (hours, back, factor, anchor) => {
          const before = { from: NOW - (back + hours) * HOUR, to: NOW - back * HOUR };
          const after = rangeOfView(zoomed(before, factor, anchor, NOW), NOW);
          expect(after.to).toBeLessThanOrEqual(NOW + 1);
          expect(after.to - after.from).toBeGreaterThanOrEqual(5 * 60_000 - 1);
          const place = ({ from, to }: typeof before) => from + (to - from) * anchor;
          if (after.to < NOW - 1) {
            expect(Math.abs(place(after) - place(before))).toBeLessThan(5 * 60_000);
          }
        },
      ),
    );
  });

  it('takes whole local days, whichever way round, those of 23 hours too', () => {
    const view = daysView('2026-03-08', '2026-03-07', LOS_ANGELES);
    expect(view).toEqual({
      kind: 'fixed',
      from: Date.parse('2026-03-07T08:00:00Z'),
      to: Date.parse('2026-03-09T07:00:00Z'),
    });
    expect(datesOf(rangeOfView(view, NOW), LOS_ANGELES)).toEqual({ first: '2026-03-07', last: '2026-03-08' });
  });

  it('is named by its length or its ends', () => {
    const title = (from: string, to: string) =>
      titleOf({ kind: 'fixed', from: 0, to: 0 }, { from: Date.parse(from), to: Date.parse(to) }, LOS_ANGELES);
    expect(titleOf({ kind: 'preset', preset: '7d' }, { from: 0, to: 1 }, LOS_ANGELES)).toBe(
      'The last 7 days',
    );
    expect(title('2026-11-23T20:00:00Z', '2026-11-24T02:00:00Z')).toBe('Mon 23 Nov 2026, 12:00 to 18:00');
    expect(title('2026-11-23T20:00:00Z', '2026-11-24T20:00:00Z')).toBe(
      'Mon 23 Nov 2026, 12:00 to Tue 24 Nov 2026, 12:00',
    );
  });

  it('survives its own address, and nonsense in it', () => {
    for (const view of [
      { kind: 'preset', preset: '7d' },
      { kind: 'preset', preset: '24h' },
      { kind: 'fixed', from: NOW - HOUR, to: NOW },
    ] as const) {
      expect(viewFrom(Object.fromEntries(new URLSearchParams(searchOf(view))))).toEqual(view);
    }
    for (const params of [
      { range: 'toString' },
      { from: 'x', to: 'y' },
      { from: '2026-01-01', to: '2026-01-01' },
      { from: '1969-12-01', to: '1970-01-02' },
      { from: '9999-12-31', to: '+010000-01-02T00:00:00Z' },
    ]) {
      expect(viewFrom(params)).toEqual({ kind: 'preset', preset: '24h' });
    }
  });
});
