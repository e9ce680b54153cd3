import { describe, expect, it } from 'vitest';
import { risksOf } from './risks';
import { loadReport, replayReport, whatIfOf } from './what-if.case';

const bands = replayReport().bandMinutes;

describe('the risks of a change', () => {
  it('are none where nothing gets worse', () => {
    expect(risksOf(whatIfOf({ minedKwh: 400 }))).toEqual([]);
    expect(risksOf(whatIfOf({ bandMinutes: { ...bands, LOW: 4 }, importKwh: 0.5 }))).toEqual([]);
  });

  it('are a lower battery, emergency stops, wear and import', () => {
    expect(risksOf(whatIfOf({ bandMinutes: { ...bands, LOW: 50, CRITICAL: 25 } }))).toEqual([
      'The battery would have been low for 1 h 15 min more.',
    ]);
    expect(risksOf(whatIfOf({ loads: [loadReport({ emergencyStops: 1 })] }))).toEqual([
      '1 emergency stop more.',
    ]);
    expect(risksOf(whatIfOf({ loads: [loadReport({ switches: 270 })] }))).toEqual([
      'One load would have switched 9.0 times a day instead of 1.0.',
    ]);
    expect(risksOf(whatIfOf({ loads: [loadReport({ kind: 'fan', switches: 900 })] }))).toEqual([]);
    expect(risksOf(whatIfOf({ importKwh: 12 }))).toEqual(['12 kWh more from the grid or generator.']);
  });
});
