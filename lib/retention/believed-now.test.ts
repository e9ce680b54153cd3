import { describe, expect, it } from 'vitest';
import { addDays } from '@/lib/local-day';
import { believedNow } from './believed-now';

const NOW = Date.parse('2026-06-20T12:00:00Z');
const TODAY = '2026-06-20';
/** So many days in a row, newest first. */
const days = (newest: string, count: number) => Array.from({ length: count }, (_, i) => addDays(newest, -i));
const endOf = (day: string) => Date.parse(`${addDays(day, 1)}T00:00:00Z`);

describe('believedNow', () => {
  it.each([
    ['nothing is recorded', []],
    ['today is the first day', [TODAY]],
    ['every day is recorded', days(TODAY, 400)],
    ['a local day is ahead of UTC', days('2026-06-21', 400)],
    ['one day is missing', [TODAY, ...days('2026-06-18', 100)]],
    ['a week is recorded since the site was off', [...days(TODAY, 7), ...days('2026-01-31', 100)]],
    ['rows of a clock that was ahead lie in the future', ['2036-02-03', ...days(TODAY, 400)]],
  ])('is now where %s', (_, known) => {
    expect(believedNow(known, NOW)).toBe(NOW);
  });

  it('stands still at the last day before a leap, until a week is recorded after it', () => {
    const before = days('2026-06-10', 100);
    expect(believedNow(before, NOW)).toBe(endOf('2026-06-10'));
    for (let count = 1; count < 7; count++) {
      expect(believedNow([...days(TODAY, count), ...before], NOW)).toBe(endOf('2026-06-10'));
    }
    expect(believedNow([TODAY, '2026-03-01', ...days('2026-02-01', 9)], NOW)).toBe(endOf('2026-02-01'));
  });

  it('goes on at a site that is used at weekends only', () => {
    const weekends = Array.from({ length: 50 }, (_, i) => days(addDays(TODAY, -7 * i), 2)).flat();
    expect(NOW - believedNow(weekends, NOW)).toBeLessThan(28 * 86_400_000);
  });
});
