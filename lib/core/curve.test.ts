import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveOf, curveProblem, moveCurveEnds, socPctOfVoltage, voltageOfSocPct } from './curve';
import { DEFAULT_PREFERENCES, DEFAULT_VOLTAGE_CURVE } from './defaults';

const curve = DEFAULT_VOLTAGE_CURVE;

/** Strictly increasing curves from (0 %, a) to (100 %, b). */
const anyCurve = fc
  .record({
    socs: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 12 }),
    voltages: fc.uniqueArray(fc.integer({ min: 401, max: 599 }), { minLength: 12, maxLength: 12 }),
  })
  .map(({ socs, voltages }) => {
    const sortedV = voltages.slice(0, socs.length).sort((a, b) => a - b);
    const inner = socs.sort((a, b) => a - b).map((soc, i) => ({ soc, voltage: (sortedV[i] ?? 0) / 10 }));
    return [{ soc: 0, voltage: 40 }, ...inner, { soc: 100, voltage: 60 }];
  });

describe('default curve', () => {
  it.each([
    [45, 0],
    [46, 7.5],
    [47, 15],
    [47.5, 19.166_666_667],
    [48, 23.333_333_333],
    [50, 40],
    [51, 50],
    [52, 60],
    [52.3, 62.4],
    [53, 68],
    [54, 76],
    [54.5, 80],
    [55, 86.666_666_667],
    [56, 100],
    [44, 0],
    [60, 100],
  ])('%s V is %s %%', (voltageV, socPct) => {
    expect(socPctOfVoltage(curve, voltageV)).toBeCloseTo(socPct, 8);
  });

  it.each([
    [10, 46.333_333_333],
    [30, 48.8],
    [65, 52.625],
    [0, 45],
    [100, 56],
    [-5, 45],
    [120, 56],
  ])('%s %% is %s V', (socPct, voltageV) => {
    expect(voltageOfSocPct(curve, socPct)).toBeCloseTo(voltageV, 8);
  });
});

describe('any curve', () => {
  it('has an exact inverse to 1e-9', () => {
    fc.assert(
      fc.property(anyCurve, fc.double({ min: 0, max: 100, noNaN: true }), (points, socPct) => {
        const back = socPctOfVoltage(points, voltageOfSocPct(points, socPct));
        expect(Math.abs(back - socPct)).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  it('never falls as the voltage rises, and stays within 0 and 100 %', () => {
    const voltage = fc.double({ min: 30, max: 70, noNaN: true });
    fc.assert(
      fc.property(anyCurve, voltage, voltage, (points, a, b) => {
        const low = socPctOfVoltage(points, Math.min(a, b));
        const high = socPctOfVoltage(points, Math.max(a, b));
        expect(low).toBeLessThanOrEqual(high);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(100);
      }),
    );
  });
});

describe('which curve', () => {
  it('is a straight line when the owner does not use his own or has none', () => {
    const straight = [
      { soc: 0, voltage: 45 },
      { soc: 100, voltage: 56 },
    ];
    expect(curveOf({ ...DEFAULT_PREFERENCES, useCustomSocMapping: false })).toEqual(straight);
    expect(curveOf({ ...DEFAULT_PREFERENCES, voltageCurve: null })).toEqual(straight);
    expect(curveOf(DEFAULT_PREFERENCES)).toBe(curve);
    expect(socPctOfVoltage(straight, 50.5)).toBeCloseTo(50, 9);
  });
});

describe('a stored curve', () => {
  it('is accepted when it is strictly increasing between the two calibration voltages', () => {
    expect(curveProblem(curve, 45, 56)).toBeNull();
  });

  it('follows the two calibration voltages at its ends', () => {
    const moved = moveCurveEnds(curve, 44.5, 56.5);
    expect(moved[0]).toEqual({ soc: 0, voltage: 44.5 });
    expect(moved.at(-1)).toEqual({ soc: 100, voltage: 56.5 });
    expect(moved.slice(1, -1)).toEqual(curve.slice(1, -1));
    expect(curveProblem(moved, 44.5, 56.5)).toBeNull();
    expect(curveProblem(moveCurveEnds(curve, 47.5, 56), 47.5, 56)).toContain('47 V at 15 %');
  });

  it.each([
    ['one point', [{ soc: 0, voltage: 45 }], 'has 1 point;'],
    [
      'equal voltages',
      [
        { soc: 0, voltage: 45 },
        { soc: 50, voltage: 45 },
        { soc: 100, voltage: 56 },
      ],
      '45 V at 50 % must be above the 45 V at 0 %',
    ],
    [
      'falling soc',
      [
        { soc: 0, voltage: 45 },
        { soc: 60, voltage: 50 },
        { soc: 50, voltage: 52 },
        { soc: 100, voltage: 56 },
      ],
      'soc 50 % must be above the 60 %',
    ],
    [
      'another start',
      [
        { soc: 0, voltage: 44 },
        { soc: 100, voltage: 56 },
      ],
      'voltage_at_0_percent = 45 V',
    ],
    [
      'an end below 100 %',
      [
        { soc: 0, voltage: 45 },
        { soc: 90, voltage: 56 },
      ],
      'voltage_at_100_percent = 56 V',
    ],
  ])('is refused with %s', (_what, points, words) => {
    expect(curveProblem(points, 45, 56)).toContain(words);
  });
});
