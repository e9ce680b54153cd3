import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveProblem, socPctOfVoltage } from '@/lib/core/curve';
import { DEFAULT_VOLTAGE_CURVE } from '@/lib/core/defaults';
import { addPoint, isIncreasing, movePoint } from './curve-edit';

const limits = { min: 40, max: 60 };

describe('dragging a point', () => {
  it('follows the finger on the grid', () => {
    expect(movePoint(DEFAULT_VOLTAGE_CURVE, 2, { soc: 44.6, voltage: 50.44, limits })[2]).toEqual({
      soc: 45,
      voltage: 50.4,
    });
  });

  it('stops short of its neighbours', () => {
    expect(movePoint(DEFAULT_VOLTAGE_CURVE, 2, { soc: 99, voltage: 59, limits })[2]).toEqual({
      soc: 59.99,
      voltage: 51.99,
    });
  });

  it('moves the ends in voltage only', () => {
    expect(movePoint(DEFAULT_VOLTAGE_CURVE, 0, { soc: 30, voltage: 44, limits })[0]).toEqual({
      soc: 0,
      voltage: 44,
    });
    expect(movePoint(DEFAULT_VOLTAGE_CURVE, 5, { soc: 50, voltage: 99, limits })[5]).toEqual({
      soc: 100,
      voltage: 60,
    });
  });

  it('leaves a curve alone that was typed out of order', () => {
    const typed = DEFAULT_VOLTAGE_CURVE.with(2, { soc: 40, voltage: 46 });
    expect(movePoint(typed, 3, { soc: 70, voltage: 53, limits })).toBe(typed);
    expect(addPoint(typed)).toBeNull();
  });

  it('keeps what the API accepts, whatever is dragged or added', () => {
    const act = fc.oneof(
      fc.constant(null),
      fc.record({
        index: fc.nat(12),
        soc: fc.double({ min: -50, max: 150, noNaN: true }),
        voltage: fc.double({ min: 30, max: 70, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        let curve: readonly { soc: number; voltage: number }[] = DEFAULT_VOLTAGE_CURVE;
        for (const one of acts) {
          if (one === null) curve = addPoint(curve)?.curve ?? curve;
          else curve = movePoint(curve, one.index, { ...one, limits });
        }
        const [first, last] = [curve[0], curve.at(-1)];
        expect(curveProblem(curve, first?.voltage ?? 0, last?.voltage ?? 0)).toBeNull();
        for (const { soc, voltage } of curve) {
          expect([soc, voltage]).toEqual([Number(soc.toFixed(2)), Number(voltage.toFixed(2))]);
        }
      }),
    );
  });
});

it('adds a point in the widest gap without changing what a voltage reads', () => {
  const added = addPoint(DEFAULT_VOLTAGE_CURVE);
  expect(added?.index).toBe(2);
  expect(added?.curve).toHaveLength(DEFAULT_VOLTAGE_CURVE.length + 1);
  for (let volts = 45; volts <= 56; volts += 0.25) {
    expect(socPctOfVoltage(added?.curve ?? [], volts)).toBeCloseTo(
      socPctOfVoltage(DEFAULT_VOLTAGE_CURVE, volts),
      0,
    );
  }
  expect(isIncreasing(added?.curve ?? [])).toBe(true);
});
