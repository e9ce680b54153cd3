import { describe, expect, it } from 'vitest';
import { minerLoadId } from '@/lib/core/loads';
import type { LoadState, Snapshot } from '@/lib/core/types';
import type { SiteConfig } from './config';
import { MinerRuns } from './miner-runs';

const START = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEAR = 8766 * HOUR;
const ID = 'a';
const LOAD = minerLoadId(ID);

const configOf = (runningSince: SiteConfig['runningSince'] = {}) =>
  ({ kernel: { miners: [{ id: ID, deviceIdentifier: 'plug' }] }, runningSince }) as unknown as SiteConfig;
const loadsOf = (state: LoadState) => ({ [LOAD]: { state, sinceMs: null } }) as unknown as Snapshot['loads'];
const look = (runs: MinerRuns, now: number, state: LoadState, config = configOf()) =>
  runs.observe({ now, loads: loadsOf(state) } as Snapshot, config, () => false);

describe('the hours of a miner', () => {
  it('are those between start and stop', () => {
    const runs = new MinerRuns(null);
    look(runs, START, 'off');
    for (let at = START; at < START + 2 * HOUR; at += MINUTE) look(runs, at, 'on');
    expect(look(runs, START + 2 * HOUR, 'off')).toEqual([
      { minerId: ID, startedAt: null, stoppedAt: START + 2 * HOUR, ranHours: 2 },
    ]);
  });

  it.each([
    ['ahead', YEAR],
    ['back', -YEAR],
  ])('are its own where the clock leaps a year %s meanwhile', (_, leap) => {
    const runs = new MinerRuns(null);
    look(runs, START, 'off');
    for (let i = 0; i < 120; i++) look(runs, START + i * MINUTE + (i >= 60 ? leap : 0), 'on');
    const [run] = look(runs, START + 120 * MINUTE + leap, 'off');
    expect(run?.ranHours).toBeGreaterThan(1.9);
    expect(run?.ranHours).toBeLessThan(2.1);
  });

  it('are not those to a row of the future', () => {
    const runs = new MinerRuns({ at: START + YEAR, loads: loadsOf('on'), silences: [] });
    const config = configOf({ [ID]: START });
    look(runs, START + HOUR, 'on', config);
    const [run] = look(runs, START + HOUR + MINUTE, 'off', config);
    expect(run?.ranHours).toBeLessThan(0.2);
  });

  it('go on after a restart, without the time in which nobody looked', () => {
    const last = { at: START + 3 * HOUR, loads: loadsOf('on'), silences: [] };
    const runs = new MinerRuns(last);
    const config = configOf({ [ID]: START });
    const back = START + 500 * HOUR;
    look(runs, back, 'on', config);
    look(runs, back + MINUTE, 'on', config);
    const [run] = look(runs, back + 2 * MINUTE, 'off', config);
    expect(run?.ranHours).toBeCloseTo(3 + 7 / 60, 6);
  });

  it('do not take in a leap of the clock, nor an absence, before a restart', () => {
    const last = {
      at: START + YEAR + 3 * HOUR,
      loads: loadsOf('on'),
      silences: [
        { from: START - HOUR, to: START + 10 * MINUTE },
        { from: START + HOUR, to: START + HOUR + YEAR },
      ],
    };
    const runs = new MinerRuns(last);
    const config = configOf({ [ID]: START });
    look(runs, last.at + MINUTE, 'on', config);
    const [run] = look(runs, last.at + 2 * MINUTE, 'off', config);
    // 5 of the first 10 minutes, and 5 of the leap.
    expect(run?.ranHours).toBeCloseTo(3 + 2 / 60, 6);
  });

  it('wait for the silences before a restart, which take long to read: a run that stops meanwhile ends then', () => {
    const runs = new MinerRuns({ at: START + 3 * HOUR, loads: loadsOf('on'), silences: null });
    expect(runs.silentUntil).toBe(START + 3 * HOUR);
    const config = configOf({ [ID]: START });
    const back = START + 3 * HOUR + MINUTE;
    look(runs, back, 'on', config);
    expect(look(runs, back + MINUTE, 'off', config)).toEqual([]);
    expect(look(runs, back + 2 * MINUTE, 'off', config)).toEqual([]);
    runs.tellSilences([{ from: START + HOUR, to: START + 2 * HOUR }]);
    expect(runs.silentUntil).toBeNull();
    const [run, ...more] = look(runs, back + 3 * MINUTE, 'unknown', config);
    expect(run).toMatchObject({ startedAt: null, stoppedAt: back + MINUTE });
    // 5 minutes of the silence count.
    expect(run?.ranHours).toBeCloseTo(2 + 7 / 60, 6);
    expect(more).toEqual([]);
    expect(look(runs, back + 4 * MINUTE, 'off', config)).toEqual([]);
  });

  it.each([
    ['unknown', 3],
    ['off', 0],
  ] as const)('count to an earlier worker’s last look, which was %s', (state, hours) => {
    const runs = new MinerRuns({ at: START + 3 * HOUR, loads: loadsOf(state), silences: [] });
    const config = configOf({ [ID]: START });
    look(runs, START + 3 * HOUR + MINUTE, 'on', config);
    const [run] = look(runs, START + 3 * HOUR + 2 * MINUTE, 'off', config);
    expect(run?.ranHours).toBeGreaterThan(hours);
    expect(run?.ranHours).toBeLessThan(hours + 0.2);
  });
});
