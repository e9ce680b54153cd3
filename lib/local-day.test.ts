import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, localDateOf, startOfLocalDate, startOfLocalHour, weekOf } from './local-day';

const iso = (date: string, zone: string) => new Date(startOfLocalDate(date, zone)).toISOString();

describe('startOfLocalDate', () => {
  it.each([
    ['2026-06-01', 'America/Los_Angeles', '2026-06-01T07:00:00.000Z'],
    ['2026-03-08', 'America/Los_Angeles', '2026-03-08T08:00:00.000Z'],
    ['2026-03-09', 'America/Los_Angeles', '2026-03-09T07:00:00.000Z'],
    ['2026-11-01', 'America/Los_Angeles', '2026-11-01T07:00:00.000Z'],
    ['2026-11-02', 'America/Los_Angeles', '2026-11-02T08:00:00.000Z'],
    ['2026-01-01', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
    // Midnight does not exist on this day: the clock goes from 23:59:59 to 01:00.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
    ['2026-04-05', 'Australia/Lord_Howe', '2026-04-04T13:00:00.000Z'],
    // Midnight comes twice.
    ['2026-10-25', 'Atlantic/Azores', '2026-10-25T00:00:00.000Z'],
    // Friday the 30th was left out.
    ['2011-12-29', 'Pacific/Apia', '2011-12-29T10:00:00.000Z'],
    ['2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s in %s', (date, zone, expected) => {
    expect(iso(date, zone)).toBe(expected);
  });

  it('is the first instant of its date, in every zone and on every day', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/St_Johns',
      'Pacific/Chatham',
      'Africa/Cairo',
      'Asia/Tehran',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 0, max: 4000 }), (zone, day) => {
        const date = addDays('2020-01-01', day);
        const at = startOfLocalDate(date, zone);
        expect(localDateOf(at, zone)).toBe(date);
        expect(localDateOf(at - 1000, zone)).toBe(addDays(date, -1));
      }),
      { numRuns: 300 },
    );
  });
});

describe('startOfLocalHour', () => {
  it.each([
    ['2026-06-01', 3, 'America/Los_Angeles', '2026-06-01T10:00:00.000Z'],
    // Skipped, and repeated.
    ['2026-03-08', 2, 'America/Los_Angeles', '2026-03-08T10:00:00.000Z'],
    ['2026-11-01', 1, 'America/Los_Angeles', '2026-11-01T08:00:00.000Z'],
    ['2026-10-04', 2, 'Australia/Lord_Howe', '2026-10-03T15:30:00.000Z'],
    ['2026-04-04', 23, 'America/Santiago', '2026-04-05T02:00:00.000Z'],
  ])('%s, %i h in %s', (date, hour, zone, expected) => {
    expect(new Date(startOfLocalHour(date, hour, zone)).toISOString()).toBe(expected);
  });
});

describe('weekOf', () => {
  it('begins on Monday', () => {
    expect(weekOf('2026-06-01')).toBe('2026-06-01');
    expect(weekOf('2026-06-07')).toBe('2026-06-01');
    expect(weekOf('2027-01-01')).toBe('2026-12-28');
  });
});
