import { describe, expect, it } from 'vitest';
import { loadReport, replayReport, whatIfOf } from '@/lib/core/replay/what-if.case';
import { compared, differenceLine, playedWords } from './difference';

const bands = replayReport().bandMinutes;
const changed = whatIfOf({
  switchesPerDay: 2.4,
  minedKwh: 250,
  lowestVoltageV: 49.25,
  loads: [loadReport({ runHours: 80 })],
  bandMinutes: { ...bands, OPTIMAL: 42_600, LOW: 540, CRITICAL: 60 },
});

describe('what differs', () => {
  it('stands figure by figure, today beside changed', () => {
    const rows = new Map(compared(changed).map((row) => [row.label, row]));
    expect(rows.get('Mined')).toEqual({
      label: 'Mined',
      today: '300 kWh',
      changed: '250 kWh',
      difference: '−50 kWh',
      isSame: false,
    });
    expect(rows.get('Lowest voltage')).toMatchObject({
      today: '50.00 V',
      changed: '49.25 V',
      difference: '−0.75 V',
    });
    expect(rows.get('A runs')).toMatchObject({ today: '100 h', changed: '80 h' });
    expect(rows.get('Low or worse')).toMatchObject({ today: '0 h', changed: '10 h', difference: '+10 h' });
    expect(rows.get('High')).toMatchObject({ difference: '±0 h', isSame: true });
    expect(rows.has('From grid or generator')).toBe(false);
  });

  it('tells of a fan only where it runs otherwise', () => {
    const fan = (runHours: number) => loadReport({ loadId: 'fan:b', kind: 'fan', name: 'B', runHours });
    const labels = (hours: number) => compared(whatIfOf({ loads: [fan(hours)] })).map(({ label }) => label);
    expect(labels(9)).toContain('B runs');
    expect(labels(0.2)).not.toContain('B runs');
  });

  it('does not compare with a voltage that was never known', () => {
    const unknown = compared(whatIfOf({ lowestVoltageV: null })).find(
      ({ label }) => label === 'Lowest voltage',
    );
    expect(unknown).toMatchObject({ changed: 'unknown', difference: null, isSame: false });
  });

  it('fits on the line where it is saved', () => {
    expect(differenceLine(changed)).toBe('+1.4 switches a day, −50 kWh mined, lowest voltage −0.75 V');
    expect(differenceLine(whatIfOf({}))).toBe('no difference');
    expect([720, 168, 30, 1].map((hours) => playedWords(whatIfOf({ hours })))).toEqual([
      '30 days',
      '7 days',
      '30 hours',
      '1 hour',
    ]);
  });
});
