import { describe, expect, it } from 'vitest';
import { decisionFor, NOON, PRIMARY, Site, seedMiner } from './scenario.case';

/** [start, end) in whole local hours (control.md §4). */

const at = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

describe('a hard schedule', () => {
  it.each<[start: number | null, end: number | null, inside: string[], outside: string[]]>([
    [10, 16, ['10:00', '15:59'], ['09:59', '16:00', '00:00']],
    [18, 10, ['18:00', '23:59', '00:00', '09:59'], ['10:00', '17:59']],
    [0, 23, ['00:00', '22:59'], ['23:00']],
    [10, 10, ['09:59', '10:00', '12:00'], []],
    [null, 10, ['09:59', '12:00'], []],
    [10, null, ['09:59', '12:00'], []],
  ])('of %s to %s is open at %j, not at %j', (preferTimeStart, preferTimeEnd, inside, outside) => {
    const miner = seedMiner(0, {
      preferTimeStart,
      preferTimeEnd,
      allowOutsideSchedule: false,
      startHysteresisMinutes: 0,
      minimumOffMinutes: 0,
    });
    const binding = (time: string) => {
      const result = new Site({ miners: [miner] }).tick({ ...NOON, minute: at(time) });
      return decisionFor(result, PRIMARY).binding;
    };
    expect(inside.map(binding)).toEqual(inside.map(() => null));
    expect(outside.map(binding)).toEqual(outside.map(() => 'schedule'));
  });
});
