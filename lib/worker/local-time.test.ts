import { describe, expect, it } from 'vitest';
import { localClock } from './local-time';

describe('localClock', () => {
  const losAngeles = localClock('America/Los_Angeles');

  it('gives date and minute of day in the zone, not in that of the machine', () => {
    expect(losAngeles(Date.UTC(2026, 6, 1, 6, 59))).toEqual({ date: '2026-06-30', minute: 23 * 60 + 59 });
    expect(localClock('Asia/Kolkata')(Date.UTC(2026, 6, 1, 18, 30))).toEqual({
      date: '2026-07-02',
      minute: 0,
    });
  });

  it('skips an hour in spring and repeats one in autumn', () => {
    const minuteAt = (...at: [number, number, number, number, number]) => losAngeles(Date.UTC(...at)).minute;
    expect(minuteAt(2026, 2, 8, 9, 59)).toBe(119);
    expect(minuteAt(2026, 2, 8, 10, 0)).toBe(180);
    expect(minuteAt(2026, 10, 1, 8, 30)).toBe(90);
    expect(minuteAt(2026, 10, 1, 9, 30)).toBe(90);
  });

  it('writes midnight as minute 0', () => {
    expect(losAngeles(Date.UTC(2026, 0, 15, 8, 0))).toEqual({ date: '2026-01-15', minute: 0 });
  });

  it('names a zone it does not know', () => {
    expect(() => localClock('Mars/Olympus')).toThrow(/Mars\/Olympus/);
  });
});
