import { describe, expect, it } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCurrent,
  formatDate,
  formatDay,
  formatEnergy,
  formatHours,
  formatKwh,
  formatMoment,
  formatMonth,
  formatPercent,
  formatPower,
  formatTemperature,
  formatTime,
  formatVoltage,
  fromOwnersDegrees,
  inOwnersDegrees,
  localMinuteOf,
  toOwnersDegrees,
  withWholeQuantities,
} from './format';

const LOS_ANGELES = 'America/Los_Angeles';
const at = (iso: string) => Date.parse(iso);

describe('numbers', () => {
  it('says unknown where nothing is known, and zero where zero was measured', () => {
    expect([formatVoltage(null), formatPower(null), formatPercent(null), formatCurrent(null)]).toEqual(
      Array(4).fill('unknown'),
    );
    expect([formatEnergy(null), formatTemperature(null, 'metric')]).toEqual(['unknown', 'unknown']);
    expect([formatVoltage(0), formatPower(0), formatPercent(0)]).toEqual(['0.00 V', '0 W', '0 %']);
  });

  it('changes from W to kW without ever showing 1000 W', () => {
    expect(formatPower(999.4)).toBe('999 W');
    expect(formatPower(999.5)).toBe('1.00 kW');
    expect(formatPower(-8450)).toBe('−8.45 kW');
    expect(formatPower(-12)).toBe('−12 W');
    expect(formatEnergy(6912)).toBe('6.9 kWh');
    expect(formatEnergy(412)).toBe('412 Wh');
  });

  it('has no minus before a zero that rounding made', () => {
    expect(formatPower(-0.4)).toBe('0 W');
    expect(formatVoltage(-0.001)).toBe('0.00 V');
  });

  it('shows degrees in the units that the owner chose', () => {
    expect(formatTemperature(-2, 'metric')).toBe('−2.0 °C');
    expect(formatTemperature(-2, 'imperial')).toBe('28.4 °F');
    expect(formatTemperature(40, 'imperial')).toBe('104.0 °F');
  });
});

describe('ages', () => {
  it.each([
    [0, '0 s'],
    [-500, '0 s'],
    [4_400, '4 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_199_000, '119 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 d'],
  ])('%i ms is %s', (ms, text) => expect(formatAge(ms)).toBe(text));
});

describe('instants', () => {
  it('follows the zone it is given, not the machine', () => {
    expect(formatTime(at('2026-11-23T20:03:00Z'), LOS_ANGELES)).toBe('12:03');
    expect(formatTime(at('2026-11-23T20:03:00Z'), 'Asia/Kathmandu')).toBe('01:48');
    expect(formatDay(at('2026-11-23T20:03:00Z'), 'Asia/Kathmandu')).toBe('Tue 24');
    expect(localMinuteOf(at('2026-11-23T20:03:00Z'), LOS_ANGELES)).toBe(723);
  });

  it('shows midnight as 00:00', () => {
    expect(formatTime(at('2026-11-24T08:00:00Z'), LOS_ANGELES)).toBe('00:00');
  });

  it('tells the two 01:30 of a day on which the clock goes back apart by their instant only', () => {
    expect(formatTime(at('2026-11-01T08:30:00Z'), LOS_ANGELES)).toBe('01:30');
    expect(formatTime(at('2026-11-01T09:30:00Z'), LOS_ANGELES)).toBe('01:30');
  });

  it('adds the day where it is not today on the owner’s calendar', () => {
    const now = at('2026-11-23T20:03:00Z');
    expect(formatMoment(at('2026-11-23T09:00:00Z'), now, LOS_ANGELES)).toBe('01:00');
    expect(formatMoment(at('2026-11-23T07:00:00Z'), now, LOS_ANGELES)).toBe('Sun 22, 23:00');
    expect(formatMoment(at('2026-05-01T19:03:00Z'), now, LOS_ANGELES)).toBe('2026-05-01, 12:03');
  });
});

describe('history', () => {
  it('tells months and dates of the owner’s calendar', () => {
    expect(formatMonth(at('2026-12-01T05:00:00Z'), LOS_ANGELES)).toBe('Nov 2026');
    expect(formatDate('2026-11-23')).toBe('Mon 23 Nov 2026');
  });

  it('tells run time, energy and sizes in units that fit', () => {
    expect([formatHours(2520), formatHours(19_080), formatHours(null)]).toEqual([
      '42 min',
      '5.3 h',
      'unknown',
    ]);
    expect([formatKwh(0), formatKwh(12.34), formatKwh(null)]).toEqual(['0.0 kWh', '12.3 kWh', 'unknown']);
    expect([formatBytes(49_152), formatBytes(4_700_000), formatBytes(2_100_000_000)]).toEqual([
      '49 kB',
      '4.7 MB',
      '2.1 GB',
    ]);
  });
});

it('gives whole and half degrees Fahrenheit back as they were typed, and °C as they are', () => {
  for (let degrees = -76; degrees <= 302; degrees += 0.5) {
    expect(toOwnersDegrees(fromOwnersDegrees(degrees, 'imperial'), 'imperial')).toBeCloseTo(degrees, 9);
    expect(toOwnersDegrees(fromOwnersDegrees(degrees, 'metric'), 'metric')).toBe(degrees);
  }
});

describe('a sentence of the control in the owner’s degrees', () => {
  it.each([
    ['Heat Room fan runs (40.5 °C, step 3)', 'Heat Room fan runs (104.9 °F, step 3)'],
    [
      'Heat Room: −2 °C, charging is blocked below 0 °C',
      'Heat Room: 28.4 °F, charging is blocked below 32.0 °F',
    ],
    ['needs −0.5 °C in the zone and +1.2 V', 'needs −0.9 °F in the zone and +1.2 V'],
    ['at least Limit (0 °C) + 2 °C', 'at least Limit (32.0 °F) + 3.6 °F'],
    ['waits for 50 V', 'waits for 50 V'],
  ])('%s', (told, shown) => {
    expect(inOwnersDegrees(told, 'imperial')).toBe(shown);
    expect(inOwnersDegrees(told, 'metric')).toBe(told);
  });
});

describe('numbers beside their units', () => {
  it.each([
    ['Dump Load S19 #1 waits: 52.93 V < 54.5 V', 'Dump Load S19 #1 waits: 52.93_V < 54.5_V'],
    ['available −962 W < 3878 W (3 kWh left)', 'available −962_W < 3878_W (3_kWh left)'],
    ['needs −5 °C in the zone, held 2 min 10 s', 'needs −5_°C in the zone, held 2_min 10_s'],
    ['41 % of 20.5 A for 5 h.', '41_% of 20.5_A for 5_h.'],
    ['S19 Always, 2 sources, 22 checks', 'S19 Always, 2 sources, 22 checks'],
  ])('keeps "%s" whole', (told, shown) => {
    expect(withWholeQuantities(told)).toBe(shown.replaceAll('_', '\u00a0'));
  });
});
