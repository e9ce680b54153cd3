import { describe, expect, it } from 'vitest';
import { decide } from './decide';
import {
  type ConfigChanges,
  decisionFor,
  HEAT_ROOM_FAN,
  type Loads,
  metered,
  NOON,
  PRIMARY,
  type Readings,
  S19,
  Site,
  seedMiner,
  seedZone,
  siteSnapshot,
  T0,
} from './scenario.case';
import type { MinerProfile } from './types';

/** The limits of control.md §4, each at its edge. */

const running: Readings = { ...NOON, load: 5728 };
const on: Loads = { [PRIMARY]: metered(3878) };

const verdictOf = (site: Site, id: string): string => {
  const decision = site.result?.decisions.find((d) => d.loadId === id);
  return `${decision?.verdict} ${decision?.binding}`;
};
function ran(changes: Partial<MinerProfile> = {}, config: ConfigChanges = {}): Site {
  const site = new Site({ miners: [seedMiner(0, changes)], ...config });
  site.hold(300, NOON);
  expect(verdictOf(site, PRIMARY)).toBe('START null');
  site.hold(900, running, on);
  return site;
}

describe('a start', () => {
  const plain = { minimumOffMinutes: 0, startHysteresisMinutes: 0 } as const;

  it.each<[what: string, miner: Partial<MinerProfile>, readings: Partial<Readings>, binding: string | null]>([
    ['at its start voltage', { startVoltage: 52.3 }, {}, null],
    ['below it', { startVoltage: 52.31 }, {}, 'start-voltage'],
    ['above its emergency', { emergencyStopVoltage: 52.29 }, {}, null],
    ['at it', { emergencyStopVoltage: 52.3 }, {}, 'emergency-voltage'],
    ['with its sun', { requireExcessSolar: true, minimumSolarProductionWatts: 8450 }, {}, null],
    ['without it', { requireExcessSolar: true, minimumSolarProductionWatts: 8451 }, {}, 'sun'],
    ['with its excess', { requireExcessSolar: true, minimumExcessWatts: 6600 }, {}, null],
    ['without it', { requireExcessSolar: true, minimumExcessWatts: 6601 }, {}, 'excess'],
    ['with no such limits', { requireExcessSolar: true }, { pv: 800 }, null],
    ['which it does not require', { minimumSolarProductionWatts: 8451, minimumExcessWatts: 6601 }, {}, null],
    ['in the sun it requires', { requireSunnyWeather: true }, { sunny: 'yes' }, null],
    ['without it', { requireSunnyWeather: true }, { sunny: 'no' }, 'sun'],
    ['where nobody knows', { requireSunnyWeather: true }, { sunny: 'unknown' }, null],
    ['with the power it draws', { operatingMode: 'opportunistic' }, { pv: 5728 }, null],
    ['without it', { operatingMode: 'opportunistic' }, { pv: 5727 }, 'available'],
    ['below too_hot', {}, { heatRoomC: 39.9 }, null],
    ['at too_hot', {}, { heatRoomC: 40 }, 'zone-temperature'],
    ['in a zone that nobody sees', {}, { heatRoomC: null }, 'zone-temperature'],
  ])('%s', (_what, miner, readings, binding) => {
    // At 19:00, so that the hours of the miner let it have the pool.
    const input: Readings = { ...NOON, minute: 19 * 60, ...readings };
    const result = new Site({ miners: [seedMiner(0, { ...plain, ...miner })] }).tick(input);
    expect(decisionFor(result, PRIMARY).binding).toBe(binding);
  });
});

describe('two samples', () => {
  it.each([
    ['one of them read twice', 0, 'KEEP_RUNNING null'],
    ['two', 10_000, 'EMERGENCY_STOP emergency-voltage'],
  ])('of its own emergency: %s', (_what, apartMs, expected) => {
    const site = ran({ emergencyStopVoltage: 48, stopVoltage: 49 });
    site.tick({ ...running, v: 48 }, on);
    const snapshot = siteSnapshot(site.now, { ...running, v: 48 }, on);
    const sample = { value: 48, sampleAt: site.now - 10_000 + apartMs, ageMs: 10_000 - apartMs };
    const battery = { ...snapshot.battery, packVoltageV: sample };
    const { config, memory } = site;
    const result = decide({ snapshot: { ...snapshot, battery }, config, memory });
    const { verdict, binding } = decisionFor(result, PRIMARY);
    expect(`${verdict} ${binding}`).toBe(expected);
  });

  it('are two in a row', () => {
    const site = ran({ emergencyStopVoltage: 48, stopVoltage: 49 });
    for (const v of [48, 48.01, 48, 48.01]) site.tick({ ...running, v }, on);
    expect(verdictOf(site, PRIMARY)).toBe('KEEP_RUNNING null');
  });
});

describe('a stop', () => {
  it.each([
    ['at its stop voltage', 49, null],
    ['below it', 48.99, 120],
  ])('%s', (_what, v, seconds) => {
    expect(ran({ stopVoltage: 49 }).secondsUntil('STOP', PRIMARY, 1800, { ...running, v }, on)).toBe(seconds);
  });

  it.each<[what: string, heatRoomC: number, fan: Loads[string], seconds: number | null]>([
    ['too hot, the fan at its maximum', 40, { state: 'on', fanSpeed: 10 }, 600],
    ['too hot, the fan off', 40, 'off', 600],
    ['too hot, the fan does not answer', 40, { state: 'on', fanSpeed: 3, reachable: false }, 600],
    ['just below too hot', 39.9, { state: 'on', fanSpeed: 10 }, null],
    ['5 °C too hot', 45, { state: 'on', fanSpeed: 10 }, 0],
    ['just less', 44.9, { state: 'on', fanSpeed: 10 }, 600],
  ])('of a zone that is %s', (_what, heatRoomC, fan, seconds) => {
    const loads: Loads = { ...on, [HEAT_ROOM_FAN]: fan };
    expect(ran().secondsUntil('STOP', PRIMARY, 1800, { ...running, heatRoomC }, loads)).toBe(seconds);
  });

  it('by heat waits while the fan can do more', () => {
    const site = ran();
    const at = (fanSpeed: number): Loads => ({ ...on, [HEAT_ROOM_FAN]: { state: 'on', fanSpeed } });
    site.hold(60, { ...running, heatRoomC: 40 }, at(10));
    site.tick({ ...running, heatRoomC: 37 }, at(10));
    // Its speed was changed a moment ago, and is not for the rest of a minute.
    const hot: Readings = { ...running, heatRoomC: 40 };
    site.hold(40, hot, at(5));
    expect(site.secondsUntil('STOP', PRIMARY, 1800, hot, at(5))).toBe(600);
  });

  it('by a day’s runtime does not end what heats its zone', () => {
    const zones = [seedZone(0, { onlyHeatWhenSolar: false, tempTooCold: 10, tempColdOk: 15 })];
    const site = ran({ maximumRuntimeHours: 1 }, { zones });
    site.hold(7200, { ...running, heatRoomC: 8 }, on);
    expect(verdictOf(site, PRIMARY)).toBe('KEEP_RUNNING null');
    site.tick({ ...running, heatRoomC: 15 }, on);
    expect(verdictOf(site, PRIMARY)).toBe('STOP runtime');
  });

  it('by a day’s runtime counts only what is observed on', () => {
    const site = ran({ maximumRuntimeHours: 1 });
    site.hold(7200, running, { [PRIMARY]: 'unknown' });
    site.tick(running, on);
    expect(verdictOf(site, PRIMARY)).toBe('KEEP_RUNNING null');
  });
});

describe('inside the minimum on-time', () => {
  // Thirty minutes, of which one has passed; a stop delay of two.
  const endS = 1800 - 70;
  const limits = { minimumOnMinutes: 30, stopVoltage: 49, emergencyStopVoltage: 48 } as const;
  const solar = { requireExcessSolar: true, operatingMode: 'opportunistic' } as const;
  const sunOnly = { ...solar, minimumSolarProductionWatts: 8000 };
  const hours = { preferTimeStart: 10, preferTimeEnd: 16, allowOutsideSchedule: false } as const;
  function started(miner: Partial<MinerProfile> = {}): Site {
    const site = new Site({ miners: [seedMiner(0, { ...limits, ...miner })], zones: [seedZone(0)] });
    site.hold(300, NOON);
    expect(verdictOf(site, PRIMARY)).toBe('START null');
    site.hold(60, running, on);
    return site;
  }
  const off = { id: 'o', loadId: PRIMARY, state: 'off', startsAt: T0, endsAt: T0 + 86_400_000 } as const;

  it.each<[what: string, miner: Partial<MinerProfile>, readings: Partial<Readings>, seconds: number]>([
    ['SHUTDOWN at once', {}, { v: 44 }, 0],
    ['CRITICAL at once', {}, { v: 45 }, 0],
    ['its own emergency in two samples', {}, { v: 48 }, 10],
    ['LOW in two samples', { stopVoltage: 46, emergencyStopVoltage: 45 }, { v: 47 }, 10],
    ['a voltage unknown past 5 min', {}, { v: null }, 300],
    ['a zone too hot for 10 min', {}, { heatRoomC: 40 }, 600],
    ['a zone 5 °C too hot at once', {}, { heatRoomC: 45 }, 0],
    ['its stop voltage after its delay', {}, { v: 48.9 }, 120],
    ['a deficit, only after it', { operatingMode: 'opportunistic' }, { pv: 0 }, endS],
    ['PV below 0.9 of its limit, only after it', sunOnly, { pv: 7199 }, endS],
    ['excess below it, only after it', { ...solar, minimumExcessWatts: 5000 }, { pv: 6300 }, endS],
    ['import, only after it', { operatingMode: 'opportunistic' }, { pv: 5700, grid: 150 }, endS],
    ['a hard schedule, only after it', hours, { minute: 1080 }, endS],
    ['its runtime, only after it', { maximumRuntimeHours: 0.01 }, {}, endS],
  ])('stops by %s', (_what, miner, readings, seconds) => {
    const isStopped = (site: Site) => /STOP/.test(verdictOf(site, PRIMARY));
    const site = started(miner);
    let seen = 0;
    for (; seen <= 3600; seen += 10) {
      site.tick({ ...running, ...readings }, on);
      if (isStopped(site)) break;
    }
    expect(seen).toBe(seconds);
  });

  it.each<[what: string, change: Partial<Site['config']>]>([
    ['the owner’s off', { overrides: [off] }],
    ['being disabled', { miners: [seedMiner(0, { ...limits, enabled: false })] }],
    ['being paused', { controlMode: 'paused' }],
  ])('stops by %s at once', (_what, change) => {
    const site = started();
    site.config = { ...site.config, ...change };
    expect(decisionFor(site.tick(running, on), PRIMARY).desired).toBe('off');
  });
});

describe('ramping', () => {
  const miners = [
    seedMiner(0),
    seedMiner(1, { requireExcessSolar: false, requireSunnyWeather: false, startHysteresisMinutes: 0 }),
  ];
  const rich: Readings = { v: 55, pv: 12_000, load: 1000 };
  /** What the next one waits for after so many seconds at so many watts. */
  function ramped(seconds: number, watts: number): Site {
    const site = new Site({ miners });
    site.hold(300, rich);
    site.hold(seconds, { ...rich, load: 1000 + watts }, { [PRIMARY]: metered(watts) });
    return site;
  }

  it.each([
    // 0.9 × 3878 W = 3490.2 W.
    [60, 3490, 'WAIT stagger'],
    [60, 3491, 'START null'],
    [590, 3490, 'WAIT stagger'],
    [620, 3490, 'START null'],
  ])('ends at 90 %% of the rating or after 10 min: %s s, %s W', (seconds, watts, next) => {
    expect(verdictOf(ramped(seconds, watts), S19)).toBe(next);
  });

  it('that ends after 10 min is told as not reached', () => {
    const keys = (site: Site) => site.result?.summary.alerts.map(({ key }) => key);
    expect(keys(ramped(590, 3490))).not.toContain(`not-reached:${PRIMARY}`);
    expect(keys(ramped(600, 3490))).toContain(`not-reached:${PRIMARY}`);
  });

  it.each([
    [0.9 * 2000 - 1, true],
    [0.9 * 2000, false],
  ])('ends the next time at 90 % of what it learned: %s W of 2000', (watts, ramps) => {
    const site = new Site({ miners: [seedMiner(0), miners[1] ?? seedMiner(1)] });
    site.hold(300, rich, { [S19]: { reachable: false } });
    const silent: Loads = { [S19]: { reachable: false } };
    site.hold(700, { ...rich, load: 3000 }, { ...silent, [PRIMARY]: metered(2000) });
    site.hold(310, { ...rich, v: 49 }, silent);
    site.secondsUntil('START', PRIMARY, 900, rich, silent);
    site.hold(60, { ...rich, load: 1000 + watts }, { [PRIMARY]: metered(watts) });
    expect(verdictOf(site, S19)).toBe(ramps ? 'WAIT stagger' : 'START null');
  });
});

it('a displaced pair does not switch again for 30 min', () => {
  const miners = [
    seedMiner(0, { operatingMode: 'opportunistic', minimumOnMinutes: 0, minimumOffMinutes: 0 }),
    seedMiner(1, {
      requireExcessSolar: false,
      requireSunnyWeather: false,
      minimumOnMinutes: 0,
      minimumOffMinutes: 0,
      preferTimeStart: null,
      preferTimeEnd: null,
    }),
  ];
  const [first, second] = [miners[0] ?? seedMiner(0), miners[1] ?? seedMiner(1)];
  // Room for one.
  const one: Readings = { v: 55, pv: 6000, load: 1000 };
  const s19On: Loads = { [S19]: metered(3250) };
  const site = new Site({ miners: [{ ...first, enabled: false }, second] });
  site.hold(300, one);
  site.hold(60, { ...one, load: 4250 }, s19On);
  site.config = { ...site.config, miners };
  expect(site.secondsUntil('STOP', S19, 900, { ...one, load: 4250 }, s19On)).toBe(300);
  site.tick(one);
  expect(verdictOf(site, PRIMARY)).toBe('START null');
  // The higher one is switched off again, and the lower by hand on: it is not asked to give way twice.
  site.hold(60, { ...one, load: 4878 }, on);
  site.config = { ...site.config, miners: [{ ...first, enabled: false }, second] };
  site.tick({ ...one, load: 4878 }, on);
  site.hold(20, { ...one, load: 4250 }, s19On);
  site.config = { ...site.config, miners };
  // Stopped 110 s before its first tick here.
  const again = site.secondsUntil('STOP', S19, 3600, { ...one, load: 4250 }, s19On);
  expect(again).toBe(1800 - 130);
});

it('a miner of the same priority is not displaced', () => {
  const plain = {
    operatingMode: 'opportunistic',
    requireExcessSolar: false,
    requireSunnyWeather: false,
  } as const;
  const miners = [
    seedMiner(0, { ...plain, enabled: false }),
    seedMiner(1, { ...plain, priorityLevel: 1, preferTimeStart: null, preferTimeEnd: null }),
  ];
  const one: Readings = { v: 55, pv: 6000, load: 1000 };
  const site = new Site({ miners });
  site.hold(300, one);
  expect(verdictOf(site, S19)).toBe('START null');
  site.config = { ...site.config, miners: [seedMiner(0, plain), miners[1] ?? seedMiner(1)] };
  site.hold(3600, { ...one, load: 4250 }, { [S19]: metered(3250) });
  expect(verdictOf(site, S19)).toBe('KEEP_RUNNING null');
  expect(verdictOf(site, PRIMARY)).toBe('WAIT available');
});
