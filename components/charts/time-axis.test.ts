import { describe, expect, it } from 'vitest';
import { timeTickLabel, timeTicks } from './time-axis';

const HOUR_MS = 3_600_000;
const labels = (fromIso: string, hours: number, timeZone: string, most: number) => {
  const from = Date.parse(fromIso);
  return timeTicks(from, from + hours * HOUR_MS, timeZone, most).map((at) => timeTickLabel(at, timeZone));
};

describe('timeTicks', () => {
  it('falls on round times of the owner’s clock', () => {
    expect(labels('2026-11-23T20:03:00Z', 1, 'America/Los_Angeles', 6)).toEqual([
      '12:10',
      '12:20',
      '12:30',
      '12:40',
      '12:50',
      '13:00',
    ]);
    expect(labels('2026-11-23T20:03:00Z', 24, 'America/Los_Angeles', 8)).toEqual([
      '15:00',
      '18:00',
      '21:00',
      'Tue 24',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
    ]);
  });

  it('does so where the zone is off by three quarters of an hour', () => {
    expect(labels('2026-11-23T20:03:00Z', 24, 'Asia/Kathmandu', 4)).toEqual([
      '06:00',
      '12:00',
      '18:00',
      'Wed 25',
    ]);
  });

  it('names one tick per local day over a week in which the clock goes back', () => {
    expect(labels('2026-10-29T19:00:00Z', 7 * 24, 'America/Los_Angeles', 8)).toEqual([
      'Fri 30',
      'Sat 31',
      'Sun 01',
      'Mon 02',
      'Tue 03',
      'Wed 04',
      'Thu 05',
    ]);
  });

  it('follows the clock through the hour in which it goes back', () => {
    expect(labels('2026-11-01T06:10:00Z', 8, 'America/Los_Angeles', 4)).toEqual([
      'Sun 01',
      '02:00',
      '04:00',
      '06:00',
    ]);
  });

  it('names days that have no midnight, or two, and none that was left out', () => {
    expect(labels('2026-09-04T12:00:00Z', 4 * 24, 'America/Santiago', 4)).toEqual([
      'Sat 05',
      'Sun 06',
      'Mon 07',
      'Tue 08',
    ]);
    expect(labels('2026-10-31T12:00:00Z', 36, 'America/Havana', 4)).toEqual([
      '12:00',
      'Sun 01',
      '00:00',
      '12:00',
    ]);
    expect(labels('2011-12-28T20:00:00Z', 4 * 24, 'Pacific/Apia', 6)).toEqual([
      'Thu 29',
      'Sat 31',
      'Sun 01',
      'Mon 02',
    ]);
  });

  it.each([2, 4, 8])('never gives more than fit (%i)', (most) => {
    for (const hours of [0.5, 1, 3, 24, 168]) {
      expect(labels('2026-11-23T20:03:00Z', hours, 'Europe/Berlin', most).length).toBeLessThanOrEqual(
        most + 1,
      );
    }
  });
});

describe('long ranges', () => {
  const from = Date.parse('2016-05-10T00:00:00Z');
  const over = (days: number) => {
    const to = from + days * 24 * HOUR_MS;
    const ticks = timeTicks(from, to, 'America/Los_Angeles', 6);
    return ticks.map((at) => timeTickLabel(at, 'America/Los_Angeles', to - from));
  };

  it('falls on months and years of the owner’s calendar', () => {
    expect(over(90)).toEqual(['Jun 2016', 'Jul 2016', 'Aug 2016']);
    expect(over(365)).toEqual(['Jul 2016', 'Oct 2016', 'Jan 2017', 'Apr 2017']);
    expect(over(3652)).toEqual(['Jan 2018', 'Jan 2020', 'Jan 2022', 'Jan 2024', 'Jan 2026']);
  });

  it('takes no longer for ten years than a page may', () => {
    const startedMs = performance.now();
    for (let i = 0; i < 20; i++) over(3652);
    expect((performance.now() - startedMs) / 20).toBeLessThan(50);
  });
});
