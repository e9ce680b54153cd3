import { describe, expect, it } from 'vitest';
import { type EnergyDay, energyBy } from './energy';

const LOS_ANGELES = 'America/Los_Angeles';
const LATER = Date.UTC(2027, 0, 1);

const day = (date: string, more: Partial<EnergyDay> = {}): EnergyDay => ({
  day: date,
  coveredSeconds: 86_400,
  pvWh: 1000,
  loadWh: null,
  batteryInWh: 0,
  batteryOutWh: 0,
  importWh: 0,
  exportWh: null,
  heldBackWh: null,
  minedWh: 100,
  ...more,
});
const range = (first: string, last: string, now = LATER) => ({ first, last, timeZone: LOS_ANGELES, now });

describe('energyBy', () => {
  it('adds days up to weeks and months, cut at the range; a period without a record is there', () => {
    const days = [day('2026-05-31'), day('2026-06-01'), day('2026-06-07'), day('2026-06-08')];
    const weeks = energyBy('week', days, range('2026-05-31', '2026-06-21'));
    expect(weeks.map(({ first, last, pvWh }) => [first, last, pvWh])).toEqual([
      ['2026-05-31', '2026-05-31', 1000],
      ['2026-06-01', '2026-06-07', 2000],
      ['2026-06-08', '2026-06-14', 1000],
      ['2026-06-15', '2026-06-21', null],
    ]);
    const months = energyBy('month', days, range('2026-05-31', '2026-06-30'));
    expect(months.map(({ pvWh, minedWh }) => [pvWh, minedWh])).toEqual([
      [1000, 100],
      [3000, 300],
    ]);
  });

  it('never makes a zero of what nobody knows', () => {
    const [period] = energyBy(
      'day',
      [day('2026-06-01', { importWh: null })],
      range('2026-06-01', '2026-06-01'),
    );
    expect(period).toMatchObject({ loadWh: null, importWh: null, heldBackWh: null, batteryInWh: 0 });
  });

  it.each([
    ['2026-03-08', 23 * 3600, 1],
    ['2026-11-01', 25 * 3600, 1],
    ['2026-11-01', 24 * 3600, 0.96],
    ['2026-06-01', 43_200, 0.5],
  ])('covers %s by its real length: %i s are %d', (date, coveredSeconds, coverage) => {
    const [period] = energyBy('day', [day(date, { coveredSeconds })], range(date, date));
    expect(period?.coverage).toBeCloseTo(coverage, 6);
  });

  it('expects of today only what has passed', () => {
    const noon = Date.UTC(2026, 5, 1, 19);
    const [period] = energyBy(
      'day',
      [day('2026-06-01', { coveredSeconds: 43_200 })],
      range('2026-06-01', '2026-06-01', noon),
    );
    expect(period?.coverage).toBe(1);
  });

  it('counts as self-consumption what was not exported', () => {
    const of = (more: Partial<EnergyDay>) =>
      energyBy('day', [day('2026-06-01', more)], range('2026-06-01', '2026-06-01'))[0]?.selfConsumption;
    expect(of({ exportWh: 250 })).toBe(0.75);
    expect(of({ exportWh: null })).toBe(1);
    expect(of({ pvWh: null })).toBeNull();
    expect(of({ pvWh: 0 })).toBeNull();
  });
});
