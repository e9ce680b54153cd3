import { describe, expect, it } from 'vitest';
import { createWallClock } from './wall-clock';

const local = (text: string) => Date.parse(`${text}Z`);

describe('wall clock', () => {
  it.each([
    ['America/Los_Angeles', '2026-07-01T12:00:00Z', -7],
    ['America/Los_Angeles', '2026-12-01T12:00:00Z', -8],
    ['Asia/Kathmandu', '2026-07-01T12:00:00Z', 5.75],
    ['UTC', '2026-07-01T12:00:00Z', 0],
    ['Australia/Lord_Howe', '2026-01-01T12:00:00Z', 11],
  ])('%s at %s is %d h off', (zone, at, hours) => {
    expect(createWallClock(zone).offsetMs(Date.parse(at))).toBe(hours * 3_600_000);
  });

  it('finds the instant of every local hour of a year', () => {
    const wrong: string[] = [];
    for (const zone of ['Europe/Paris', 'America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Auckland']) {
      const clock = createWallClock(zone);
      for (
        let at = Date.parse('2026-01-01T00:30:00Z');
        at < Date.parse('2027-01-01T00:00:00Z');
        at += 3_600_000
      ) {
        const found = clock.instantOf(at + clock.offsetMs(at));
        // The second of a repeated hour is found as the first.
        const isIt = found === at || at - found === 3_600_000;
        if (!isIt || found + clock.offsetMs(found) !== at + clock.offsetMs(at)) wrong.push(`${zone} ${at}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('takes the first of a repeated hour and moves on in a skipped one', () => {
    const paris = createWallClock('Europe/Paris');
    expect(paris.instantOf(local('2026-10-25T02:30:00'))).toBe(Date.parse('2026-10-25T00:30:00Z'));
    expect(paris.instantOf(local('2026-03-29T02:30:00'))).toBe(Date.parse('2026-03-29T01:30:00Z'));
  });

  it('does not accept a zone that does not exist', () => {
    expect(() => createWallClock('Mars/Olympus')).toThrow(RangeError);
  });
});
