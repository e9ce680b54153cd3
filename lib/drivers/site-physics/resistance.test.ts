import { describe, expect, it } from 'vitest';
import { type MeasuredSite, measureResistance } from './resistance.case';

/** The estimator of lib/core/resistance against banks whose resistance is known. */

const summer = Date.UTC(2026, 5, 10, 8);
const base = { seed: 11, capacityAh: 900, start: summer, days: 3, tickS: 10 };

const SITES: readonly MeasuredSite[] = [
  base,
  { ...base, seed: 12, start: Date.UTC(2026, 0, 10, 8) },
  { ...base, seed: 13, capacityAh: 300, start: Date.UTC(2026, 9, 10, 8) },
  { ...base, seed: 14, capacityAh: 1200, start: Date.UTC(2026, 3, 10, 8) },
  { ...base, seed: 15, capacityAh: 600, start: Date.UTC(2026, 10, 20, 8) },
];

const errorOf = (band: { ohm: number; truthOhm: number }) => Math.abs(band.ohm / band.truthOhm - 1);

describe('the resistance estimated from load steps', () => {
  const bands = SITES.flatMap((site) => measureResistance(site).bands);

  it('is right within 15 % in every band of every bank', () => {
    expect(bands.length).toBeGreaterThanOrEqual(12);
    for (const band of bands) expect(errorOf(band), JSON.stringify(band)).toBeLessThanOrEqual(0.15);
  });

  it('has an interval that covers the truth in at least 90 % of them, and says something', () => {
    const covered = bands.filter(
      ({ lowOhm, highOhm, truthOhm }) => lowOhm <= truthOhm && truthOhm <= highOhm,
    );
    expect(covered.length / bands.length).toBeGreaterThanOrEqual(0.9);
    for (const { lowOhm, highOhm, ohm } of bands) expect((highOhm - lowOhm) / ohm).toBeLessThan(0.6);
  });

  it('stays right where current and voltage are sampled ten seconds apart', () => {
    for (const band of measureResistance({ ...base, lagS: 10 }).bands) {
      expect(errorOf(band), JSON.stringify(band)).toBeLessThanOrEqual(0.15);
    }
  });

  it('stays right where one sample in twenty is missing, late or absurd', () => {
    const { bands: disturbed } = measureResistance({ ...base, faultShare: 0.05 });
    expect(disturbed.length).toBeGreaterThan(0);
    for (const band of disturbed) expect(errorOf(band), JSON.stringify(band)).toBeLessThanOrEqual(0.15);
  });
});
