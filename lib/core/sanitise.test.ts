import { describe, expect, it } from 'vitest';
import { restoreMemory } from './memory';
import { decisionFor, PRIMARY, type Readings, Site, seedMiner } from './scenario.case';

/** What an old or missing reading may still say (control.md §7). */

const day: Readings = { v: 52.3, pv: 8450, load: 1850 };
const running: Readings = { ...day, load: 5728 };
const on = { [PRIMARY]: { state: 'on', powerW: { value: 3878, sampleAt: 0, ageMs: 0 } } } as const;

function runningSite(): Site {
  const site = new Site({ miners: [seedMiner(0)] });
  site.hold(300, day);
  site.hold(1200, running, on);
  expect(decisionFor(site.tick(running, on), PRIMARY).verdict).toBe('KEEP_RUNNING');
  return site;
}

describe('the age of the newest good voltage', () => {
  it('is its true age, whatever the kernel’s own clock made of a gap', () => {
    const site = runningSite();
    site.now += 3_600_000;
    const result = site.tick({ ...running, ageMs: 3_600_000 }, on);
    expect(result.battery).toMatchObject({ stale: true, rawAgeMs: 3_600_000 });
    expect(decisionFor(result, PRIMARY)).toMatchObject({ verdict: 'STOP', binding: 'voltage-fresh' });
    // It stays that old when the reading is gone altogether.
    expect(site.tick({ ...running, v: null }, on).battery.rawAgeMs).toBe(3_610_000);
  });

  it('counts a restart', () => {
    const site = runningSite();
    site.now += 8 * 3_600_000;
    site.memory = restoreMemory(JSON.parse(JSON.stringify(site.memory)), site.now);
    const result = site.tick({ ...running, v: null }, on);
    expect(result.battery.rawAgeMs).toBe(8 * 3_600_000 + 10_000);
    expect(decisionFor(result, PRIMARY)).toMatchObject({ verdict: 'STOP', binding: 'voltage-fresh' });
  });

  it('is not that of an older sample than the last good one', () => {
    const site = runningSite();
    const result = site.tick({ ...running, ageMs: 3_600_000 }, on);
    expect(result.battery.rawAgeMs).toBe(10_000);
    expect(decisionFor(result, PRIMARY).verdict).toBe('CANNOT_DECIDE');
  });
});

describe('everything zero at once', () => {
  it('needs a voltage of zero among them', () => {
    const keys = (readings: Readings): readonly string[] =>
      new Site().hold(20, readings).summary.badReadings.map((bad) => bad.reading);
    expect(keys({ v: null, pv: 0, load: null, grid: 0 })).toEqual([]);
    expect(keys({ v: 0, pv: 0, load: 0, grid: 0 })).toEqual(['all readings']);
  });
});
