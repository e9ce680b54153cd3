import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Quantity, roundTo } from './rounding';

const RANGES: Record<Quantity, [low: number, high: number]> = {
  packVoltageV: [0, 1000],
  currentA: [-2000, 2000],
  powerW: [-1_000_000, 1_000_000],
  temperatureC: [-100, 200],
  percent: [-10, 110],
};

describe('roundTo', () => {
  it('rounds to the steps of the data model', () => {
    expect(roundTo('packVoltageV', 52.34567)).toBe(52.346);
    expect(roundTo('currentA', -17.256)).toBe(-17.26);
    expect(roundTo('powerW', 8449.5)).toBe(8450);
    expect(roundTo('temperatureC', -0.26)).toBe(-0.3);
    expect(roundTo('percent', 62.44)).toBe(62.4);
  });

  it('never gives -0, which JSON would read back as 0', () => {
    expect(Object.is(roundTo('powerW', -0.4), 0)).toBe(true);
  });

  for (const quantity of Object.keys(RANGES) as Quantity[]) {
    const [min, max] = RANGES[quantity];
    it(`survives a float4 column: ${quantity}`, () => {
      fc.assert(
        fc.property(fc.double({ min, max, noNaN: true }), (value) => {
          const rounded = roundTo(quantity, value);
          expect(roundTo(quantity, Math.fround(rounded))).toBe(rounded);
        }),
        { numRuns: 2000 },
      );
    });
  }
});
