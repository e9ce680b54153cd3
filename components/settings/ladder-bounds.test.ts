import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_PREFERENCES } from '@/lib/core/defaults';
import { orderingIssues } from '@/lib/ordering';
import { PREFERENCES_ORDERINGS } from '@/lib/preferences/rules';
import { boundsOf, movedTo } from './ladder-bounds';

const limits = { min: 36, max: 66 };
const options = { orderings: PREFERENCES_ORDERINGS, step: 0.1, limits };
const defaults = {
  voltage_at_0_percent: DEFAULT_PREFERENCES.voltageAt0Percent,
  voltage_at_100_percent: DEFAULT_PREFERENCES.voltageAt100Percent,
  battery_absolute_min: DEFAULT_PREFERENCES.batteryAbsoluteMin,
  voltage_shutdown: DEFAULT_PREFERENCES.voltageShutdown,
  voltage_critical_low: DEFAULT_PREFERENCES.voltageCriticalLow,
  voltage_low: DEFAULT_PREFERENCES.voltageLow,
  voltage_restart: DEFAULT_PREFERENCES.voltageRestart,
  voltage_optimal_min: DEFAULT_PREFERENCES.voltageOptimalMin,
  voltage_optimal_max: DEFAULT_PREFERENCES.voltageOptimalMax,
  voltage_float: DEFAULT_PREFERENCES.voltageFloat,
  voltage_absorption: DEFAULT_PREFERENCES.voltageAbsorption,
  voltage_full: DEFAULT_PREFERENCES.voltageFull,
  battery_absolute_max: DEFAULT_PREFERENCES.batteryAbsoluteMax,
};
const names = Object.keys(defaults) as (keyof typeof defaults)[];

describe('a rung of the ladder', () => {
  it.each([
    ['voltage_shutdown', 43, 44.9],
    ['voltage_critical_low', 44.1, 47],
    ['voltage_low', 45, 49.9],
    ['voltage_restart', 47.1, 50],
    ['voltage_optimal_min', 50, 54.4],
    ['voltage_full', 57.6, 58.8],
  ])('%s moves between %s V and %s V', (name, min, max) => {
    expect(boundsOf(name, defaults, options)).toEqual({ min, max });
  });

  it('has no bound on the side where nothing is given', () => {
    expect(boundsOf('voltage_low', { ...defaults, voltage_restart: Number.NaN }, options)).toEqual({
      min: 45,
      max: 66,
    });
  });

  it('stays where it is when typed neighbours leave no room', () => {
    const bounds = boundsOf('voltage_low', { ...defaults, voltage_restart: 44 }, options);
    expect(movedTo(46, 0.1, bounds)).toBeNull();
  });

  it('keeps every order, wherever anything is dragged', () => {
    const drag = fc.record({
      name: fc.constantFrom(...names),
      to: fc.double({ min: 30, max: 70, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(drag, { maxLength: 40 }), (drags) => {
        const values: Record<string, number> = { ...defaults };
        for (const { name, to } of drags) {
          values[name] = movedTo(to, 0.1, boundsOf(name, values, options)) ?? Number.NaN;
          expect(orderingIssues(values, PREFERENCES_ORDERINGS, { changed: values, unit: 'V' })).toEqual([]);
          expect(values[name]).toBe(Number(values[name]?.toFixed(2)));
        }
      }),
    );
  });
});
