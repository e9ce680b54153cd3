import { describe, expect, it } from 'vitest';
import { explain } from './explain';
import { faultOfFlip } from './flip-check.case';
import {
  decisionFor,
  HEAT_ROOM_FAN,
  HEAT_ROOM_HEATER,
  type Loads,
  MAIN_ROOM_HEATER,
  PRIMARY,
  type Readings,
  Site,
  seedMiner,
  seedZone,
  siteSnapshot,
} from './scenario.case';

/** Control.md §5: charge block, cooling, heating, frozen bank. */

const mild: Readings = { v: 52.3, pv: 3000, load: 500 };
const verdictOf = (site: Site, id: string): string => {
  const decision = site.result?.decisions.find((d) => d.loadId === id);
  return `${decision?.verdict} ${decision?.binding}`;
};

describe('charge block', () => {
  it('follows the lower of zone and battery, with two degrees to its release', () => {
    const site = new Site();
    expect(site.tick({ ...mild, heatRoomC: 0 }).chargePermission.permitted).toBe(true);
    expect(site.tick({ ...mild, heatRoomC: -0.1 }).chargePermission).toMatchObject({
      permitted: false,
      zoneIds: ['heat-room'],
    });
    expect(site.tick({ ...mild, heatRoomC: 1.9 }).chargePermission.permitted).toBe(false);
    expect(site.tick({ ...mild, heatRoomC: 2 }).chargePermission.permitted).toBe(true);
    expect(site.tick({ ...mild, heatRoomC: 10, batteryC: -1 }).chargePermission.permitted).toBe(false);
    expect(site.tick({ ...mild, heatRoomC: 10, batteryC: 1.9 }).chargePermission.permitted).toBe(false);
    expect(site.tick({ ...mild, heatRoomC: 10, batteryC: 2 }).chargePermission.permitted).toBe(true);
    // One that was not cold when it was lost leaves it to the other.
    expect(site.tick({ ...mild, heatRoomC: 10, batteryC: null }).chargePermission.permitted).toBe(true);
  });

  it('is not that of a zone that is disabled', () => {
    const zones = (enabled: boolean) => [seedZone(0, { enabled, blockChargingBelowTemp: 5 })];
    const permitted = (enabled: boolean) =>
      new Site({ zones: zones(enabled) }).tick({ ...mild, heatRoomC: 1 }).chargePermission.permitted;
    expect([permitted(true), permitted(false)]).toEqual([false, true]);
  });

  it('closes when nothing is known past the fail-safe time, loudly', () => {
    const site = new Site();
    const blind: Readings = { ...mild, heatRoomC: null };
    expect(site.hold(290, blind).chargePermission.permitted).toBe(true);
    const result = site.tick(blind);
    expect(result.chargePermission.permitted).toBe(false);
    expect(result.chargePermission.reason).toContain('no temperature is known for Heat Room');
    expect(result.summary.alerts.map((alert) => alert.key)).toContain('charge-block-unknown');
  });

  it('guards LiFePO4 below 0 °C where no zone names a limit', () => {
    const zones = [seedZone(0, { blockChargingBelowTemp: null }), seedZone(1)];
    const site = new Site({ zones });
    expect(site.tick({ ...mild, batteryC: -0.1 }).chargePermission.permitted).toBe(false);
    expect(site.tick({ ...mild, batteryC: 1.9 }).chargePermission.permitted).toBe(false);
    expect(site.tick({ ...mild, batteryC: 2 }).chargePermission.permitted).toBe(true);
    const lead = new Site({ zones, preferences: { batteryChemistry: 'AGM' } });
    expect(lead.tick({ ...mild, batteryC: -10 }).chargePermission.permitted).toBe(true);
  });

  it('stands though no device can carry it out, and says so', () => {
    const result = new Site({ canBlockCharging: false }).tick({ ...mild, heatRoomC: -2 });
    expect(result.chargePermission).toMatchObject({ permitted: false, unenforceable: true });
    expect(result.summary.alerts.find((alert) => alert.key === 'charge-block-unenforceable')?.text).toContain(
      'cannot enforce',
    );
  });
});

describe('cooling', () => {
  it('is on at too_hot, off at hot_ok, with the speed between', () => {
    const site = new Site();
    const at = (heatRoomC: number, on: boolean): string => {
      site.hold(60, { ...mild, heatRoomC }, on ? { [HEAT_ROOM_FAN]: { state: 'on', fanSpeed: 10 } } : {});
      const decision = site.result?.decisions.find((d) => d.loadId === HEAT_ROOM_FAN);
      return `${decision?.verdict} ${decision?.fanSpeed}`;
    };
    expect(at(39.9, false)).toBe('WAIT null');
    expect(at(40, false)).toBe('START 10');
    // round(1 + 9 × 2.5 ÷ 5) = 6, round(1 + 9 × 0.1 ÷ 5) = 1.
    expect(at(37.5, true)).toBe('KEEP_RUNNING 6');
    expect(at(35.1, true)).toBe('KEEP_RUNNING 1');
    expect(at(35, true)).toBe('STOP null');
    expect(at(39, false)).toBe('WAIT null');
  });

  it('changes its speed once a minute at most', () => {
    const site = new Site();
    site.tick({ ...mild, heatRoomC: 40 });
    const on: Loads = { [HEAT_ROOM_FAN]: { state: 'on', fanSpeed: 10 } };
    const speeds = Array.from({ length: 7 }, () => {
      return decisionFor(site.tick({ ...mild, heatRoomC: 37.5 }, on), HEAT_ROOM_FAN).fanSpeed;
    });
    expect(speeds).toEqual([10, 10, 10, 10, 10, 6, 6]);
  });

  it('runs on in LOW and CRITICAL, and ends in SHUTDOWN', () => {
    const site = new Site();
    const on: Loads = { [HEAT_ROOM_FAN]: { state: 'on', fanSpeed: 10 } };
    for (const [v, verdict, desired] of [
      [46.5, 'KEEP_RUNNING', 'on'],
      [44.8, 'KEEP_RUNNING', 'on'],
      [44, 'EMERGENCY_STOP', 'off'],
    ] as const) {
      site.hold(20, { ...mild, v, heatRoomC: 42 }, on);
      expect(decisionFor(site.result ?? site.tick(mild), HEAT_ROOM_FAN)).toMatchObject({ verdict, desired });
    }
  });

  it('does its most while a miner runs in a zone of unknown temperature, and is left alone when paused', () => {
    const blind: Readings = { ...mild, heatRoomC: null };
    expect(decisionFor(new Site().tick(blind), HEAT_ROOM_FAN).verdict).toBe('WAIT');
    expect(decisionFor(new Site().tick(blind, { [PRIMARY]: 'on' }), HEAT_ROOM_FAN)).toMatchObject({
      verdict: 'START',
      fanSpeed: 10,
    });
    const paused = new Site({ controlMode: 'paused' });
    const decision = decisionFor(
      paused.tick({ ...mild, heatRoomC: 45 }, { [HEAT_ROOM_FAN]: 'on' }),
      HEAT_ROOM_FAN,
    );
    expect(decision).toMatchObject({ verdict: 'KEEP_RUNNING', desired: null });
  });
});

describe('a fan whose thermometer falls silent', () => {
  const hot: Readings = { ...mild, heatRoomC: 42 };
  const blind: Readings = { ...mild, heatRoomC: null };
  const fanOn: Loads = { [HEAT_ROOM_FAN]: { state: 'on', fanSpeed: 10 } };

  it('ends after the fail-safe time in a room where no miner runs', () => {
    const site = new Site();
    site.tick(hot);
    site.hold(60, hot, fanOn);
    site.tick(blind, fanOn);
    expect(decisionFor(site.result ?? site.tick(blind), HEAT_ROOM_FAN)).toMatchObject({
      verdict: 'KEEP_RUNNING',
      fanSpeed: 10,
    });
    const input = {
      snapshot: siteSnapshot(site.now, blind, fanOn),
      config: site.config,
      memory: site.memory,
    };
    expect(explain(input, HEAT_ROOM_FAN).flip).toMatchObject({ target: 'STOP', holdSeconds: 290 });
    expect(site.secondsUntil('STOP', HEAT_ROOM_FAN, 3600, blind, fanOn)).toBe(290);
    site.hold(3600, blind);
    expect(verdictOf(site, HEAT_ROOM_FAN)).toBe('WAIT temperature');
    expect(decisionFor(site.tick(hot), HEAT_ROOM_FAN).verdict).toBe('START');
  });

  it('does its most while a miner runs there, and as long after it has stopped', () => {
    const site = new Site();
    site.tick(hot);
    site.hold(60, hot, fanOn);
    site.hold(3600, blind, { ...fanOn, [PRIMARY]: 'on' });
    expect(verdictOf(site, HEAT_ROOM_FAN)).toBe('KEEP_RUNNING null');
    expect(site.secondsUntil('STOP', HEAT_ROOM_FAN, 3600, blind, fanOn)).toBe(300);
  });

  it('counts anew once it is heard again', () => {
    const site = new Site();
    site.tick(hot);
    site.hold(200, blind, fanOn);
    site.tick({ ...mild, heatRoomC: 38 }, fanOn);
    expect(verdictOf(site, HEAT_ROOM_FAN)).toBe('KEEP_RUNNING null');
    expect(site.secondsUntil('STOP', HEAT_ROOM_FAN, 3600, blind, fanOn)).toBe(300);
  });
});

describe('heating', () => {
  const cold: Readings = { ...mild, mainRoomC: -5 };

  it('is on at too_cold and off at cold_ok, with sun', () => {
    const site = new Site();
    expect(site.secondsUntil('START', MAIN_ROOM_HEATER, 900, cold)).toBe(300);
    const on: Loads = { [MAIN_ROOM_HEATER]: 'on' };
    site.hold(600, { ...cold, load: 2000, mainRoomC: -0.1 }, on);
    expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe('KEEP_RUNNING null');
    site.tick({ ...cold, load: 2000, mainRoomC: 0 }, on);
    expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe('STOP temperature');
    const mildly = new Site();
    mildly.hold(600, { ...cold, mainRoomC: -4.9 });
    expect(verdictOf(mildly, MAIN_ROOM_HEATER)).toBe('WAIT temperature');
  });

  it('ends while its temperature is not known, and goes on afterwards below cold_ok', () => {
    const site = new Site();
    site.hold(300, cold);
    const on: Loads = { [MAIN_ROOM_HEATER]: 'on' };
    site.hold(600, { ...cold, load: 2000, mainRoomC: -2 }, on);
    site.tick({ ...cold, load: 2000, mainRoomC: null }, on);
    expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe('STOP temperature');
    expect(site.secondsUntil('START', MAIN_ROOM_HEATER, 900, { ...cold, mainRoomC: -2 })).not.toBeNull();
  });

  it('is done by a miner that two zones name, whichever of them wants it', () => {
    // Three in the morning: its own schedule is over, and only heating may run it.
    const miners = [seedMiner(0, { preferTimeStart: 10, preferTimeEnd: 16, allowOutsideSchedule: false })];
    const zones = [
      seedZone(0, { minimumSolarForHeatingWatts: 1000 }),
      seedZone(1, {
        heatingPriority1: 'miner',
        heatingMinerId: 'primary',
        tempTooCold: 30,
        tempColdOk: 32,
        onlyHeatWhenSolar: true,
        minimumSolarForHeatingWatts: 9000,
      }),
    ];
    const site = new Site({ miners, zones });
    const dawn: Readings = { ...mild, pv: 6000, heatRoomC: 0, mainRoomC: 20, minute: 180 };
    expect(site.secondsUntil('START', PRIMARY, 600, dawn)).toBe(300);
  });

  it('waits for its sun, and ends two minutes after nine tenths of it are gone', () => {
    const site = new Site();
    site.hold(600, { ...cold, pv: 1999, load: 100 });
    expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe('WAIT sun');
    const on: Loads = { [MAIN_ROOM_HEATER]: 'on' };
    const warm = new Site();
    warm.hold(300, cold);
    warm.hold(600, { ...cold, load: 2000 }, on);
    expect(
      warm.secondsUntil('STOP', MAIN_ROOM_HEATER, 900, { ...cold, load: 1700, pv: 1800 }, on),
    ).toBeNull();
    expect(warm.secondsUntil('STOP', MAIN_ROOM_HEATER, 900, { ...cold, load: 1700, pv: 1799 }, on)).toBe(120);
  });

  describe('has protection of its own', () => {
    const on: Loads = { [MAIN_ROOM_HEATER]: 'on' };
    const heating: Readings = { ...cold, load: 2000 };
    const started = (seconds: number): Site => {
      const site = new Site();
      site.hold(310, cold);
      site.hold(seconds, heating, on);
      expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe('KEEP_RUNNING null');
      return site;
    };

    it.each<[what: string, changes: Partial<Readings>, seconds: number | null, expected: string]>([
      ['in LOW', { v: 46.9 }, 10, 'STOP band'],
      ['in CRITICAL', { v: 45 }, 0, 'EMERGENCY_STOP band'],
      ['in SHUTDOWN', { v: 44 }, 0, 'EMERGENCY_STOP band'],
      ['past the fail-safe time without a voltage', { v: null }, 300, 'STOP voltage-fresh'],
      ['at cold_ok', { mainRoomC: 0 }, 0, 'STOP temperature'],
    ])('and stops %s', (_what, changes, seconds, expected) => {
      const site = started(30);
      const verdict = expected.startsWith('EMERGENCY') ? 'EMERGENCY_STOP' : 'STOP';
      const seen = site.secondsUntil(verdict, MAIN_ROOM_HEATER, 900, { ...heating, ...changes }, on);
      expect(seen).toBe(seconds);
      expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe(expected);
    });

    it('and stops when paused, or by the owner’s off', () => {
      const paused = started(30);
      paused.config = { ...paused.config, controlMode: 'paused' };
      expect(decisionFor(paused.tick(heating, on), MAIN_ROOM_HEATER)).toMatchObject({
        verdict: 'STOP',
        binding: 'mode',
        desired: 'off',
      });
      const off = started(30);
      const { now: startsAt, config } = off;
      const overrides = [
        { id: 'o', loadId: MAIN_ROOM_HEATER, state: 'off', startsAt, endsAt: startsAt + 60_000 },
      ] as const;
      off.config = { ...config, overrides };
      expect(decisionFor(off.tick(heating, on), MAIN_ROOM_HEATER)).toMatchObject({
        binding: 'override',
        desired: 'off',
      });
    });

    it('and starts in no latch', () => {
      const site = new Site();
      site.hold(20, { ...cold, v: 46.9 });
      site.hold(3600, { ...cold, v: 49.9 });
      expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe('WAIT band');
    });

    it('and 5 min of minimum on and off', () => {
      // Its sun is gone from the start: two minutes of stop delay are over long before.
      const dark: Readings = { ...heating, pv: 0 };
      expect(started(0).secondsUntil('STOP', MAIN_ROOM_HEATER, 900, dark, on)).toBe(300 - 10);
      const site = started(600);
      site.tick({ ...heating, mainRoomC: 0 }, on);
      expect(site.secondsUntil('START', MAIN_ROOM_HEATER, 900, cold)).toBe(300);
    });
  });

  it('never heats on an unknown temperature, nor without known watts', () => {
    const site = new Site();
    site.hold(300, cold);
    const on: Loads = { [MAIN_ROOM_HEATER]: 'on' };
    site.tick({ ...cold, load: 2000, mainRoomC: null }, on);
    expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe('STOP temperature');
    const unrated = new Site({ zones: [seedZone(0), seedZone(1, { heaterPowerWatts: null })] });
    unrated.hold(600, cold);
    expect(verdictOf(unrated, MAIN_ROOM_HEATER)).toBe('WAIT available');
  });

  it('takes the pool only where it need not be solar, and only from an optimal bank', () => {
    const dark: Readings = { ...cold, pv: 0, minute: 0 };
    const zones = [seedZone(0), seedZone(1, { onlyHeatWhenSolar: false })];
    expect(new Site({ zones }).secondsUntil('START', MAIN_ROOM_HEATER, 900, dark)).toBe(300);
    const low = new Site({ zones });
    low.hold(150, { ...dark, v: 51 });
    low.hold(600, { ...dark, v: 49.9 });
    expect(verdictOf(low, MAIN_ROOM_HEATER)).toBe('WAIT available');
  });

  it('starts no heater while importing, solar-only or not, and lets one run on that the sun covers', () => {
    const importing: Readings = { ...cold, v: 51, grid: 500 };
    const zones = [seedZone(0), seedZone(1, { onlyHeatWhenSolar: false })];
    const on: Loads = { [MAIN_ROOM_HEATER]: 'on' };
    for (const changes of [{}, { zones }]) {
      const site = new Site(changes);
      site.hold(300, { ...cold, v: 51, mainRoomC: 10 });
      site.hold(900, importing);
      expect(verdictOf(site, MAIN_ROOM_HEATER)).toBe('WAIT import');
    }
    const allowed = new Site({ zones, preferences: { gridImportAllowed: true } });
    expect(allowed.secondsUntil('START', MAIN_ROOM_HEATER, 900, importing)).toBe(300);
    const running = new Site({ zones });
    expect(running.secondsUntil('START', MAIN_ROOM_HEATER, 900, cold)).toBe(300);
    running.hold(600, { ...cold, load: 2000 }, on);
    running.hold(900, { ...importing, load: 2000 }, on);
    expect(verdictOf(running, MAIN_ROOM_HEATER)).toBe('KEEP_RUNNING null');
    const dark: Readings = { ...importing, pv: 0, load: 2000 };
    expect(running.secondsUntil('STOP', MAIN_ROOM_HEATER, 900, dark, on)).toBeLessThanOrEqual(120);
    expect(verdictOf(running, MAIN_ROOM_HEATER)).toBe('STOP available');
  });

  it('turns to the second source when the first has been held back ten minutes', () => {
    // The miner cannot start below its voltage; the heater needs nothing but sun.
    const icy: Readings = { v: 49.5, pv: 4500, load: 300, heatRoomC: 0 };
    const site = new Site();
    site.hold(20, { ...icy, v: 50.5 });
    site.hold(500, icy);
    expect(verdictOf(site, HEAT_ROOM_HEATER)).toBe('WAIT heating-priority');
    expect(site.secondsUntil('START', HEAT_ROOM_HEATER, 600, icy)).toBeLessThanOrEqual(120);
    expect(site.result?.zones[0]?.heatingBy).toBe('heater');
  });

  describe('turns to the second source', () => {
    // A miner that holds its start for an hour waits for nothing but a time.
    const miners = [seedMiner(0, { startHysteresisMinutes: 60 })];
    const icy: Readings = { v: 52.3, pv: 8450, load: 1850, heatRoomC: 0 };
    const dead: Loads = { [PRIMARY]: { reachable: false } };
    const sourceOf = ({ result }: Site) => result?.zones[0]?.heatingBy;

    it.each([
      ['15 min of the first being blocked by a time', {}, 900],
      ['10 min of it being blocked by anything else', dead, 600],
    ])('after %s', (_what, loads, seconds) => {
      const site = new Site({ miners });
      expect(site.secondsUntil('START', HEAT_ROOM_HEATER, 3600, icy, loads)).toBe(seconds);
      expect(sourceOf(site)).toBe('heater');
    });

    it('and counts anew once the first has run', () => {
      const site = new Site({ miners });
      site.hold(570, icy, dead);
      site.tick({ ...icy, load: 5728 }, { [PRIMARY]: 'on' });
      expect(site.secondsUntil('START', HEAT_ROOM_HEATER, 3600, icy, dead)).toBe(600);
    });

    it('and back to the first only after cold_ok', () => {
      const site = new Site({ miners });
      site.hold(600, icy, dead);
      const on: Loads = { [HEAT_ROOM_HEATER]: 'on' };
      site.hold(7200, { ...icy, load: 3350, heatRoomC: 4.9 }, on);
      expect(sourceOf(site)).toBe('heater');
      site.tick({ ...icy, load: 3350, heatRoomC: 5 }, on);
      expect(sourceOf(site)).toBe('none');
      site.tick(icy);
      expect(sourceOf(site)).toBe('miner');
    });
  });

  it('lets the zone’s miner ignore schedule, sun and excess', () => {
    const site = new Site();
    // Primary is outside its hours at noon, where it would get no pool: surplus 3500 W, pool 5000 W.
    const icy: Readings = { v: 51, pv: 4000, load: 500, heatRoomC: 0 };
    expect(new Site().secondsUntil('START', PRIMARY, 900, { ...icy, heatRoomC: 20 })).toBeNull();
    expect(site.secondsUntil('START', PRIMARY, 900, icy)).toBe(300);
  });

  it.each<[what: string, miner: Parameters<typeof seedMiner>[1]]>([
    ['schedule', { preferTimeStart: 18, preferTimeEnd: 10, allowOutsideSchedule: false }],
    ['runtime', { maximumRuntimeHours: 0 }],
    ['sun', { requireExcessSolar: true, minimumSolarProductionWatts: 12_000 }],
    ['weather', { requireSunnyWeather: true }],
    ['excess', { requireExcessSolar: true, minimumExcessWatts: 12_000 }],
  ])('by a miner ignores its %s to start, but never a latch', (_what, miner) => {
    const miners = [seedMiner(0, miner)];
    const icy: Readings = { v: 53, pv: 8450, load: 500, heatRoomC: 0, sunny: 'no' };
    const startS = (site: Site, heatRoomC: number) =>
      site.secondsUntil('START', PRIMARY, 900, { ...icy, heatRoomC });
    expect(startS(new Site({ miners }), 20)).toBeNull();
    expect(startS(new Site({ miners }), 0)).toBe(300);
    const latched = new Site({ miners, preferences: { voltageRestart: 54 } });
    latched.hold(20, { ...icy, v: 46 });
    expect(startS(latched, 0)).toBeNull();
  });

  it.each([
    ['not latched', 53, 'KEEP_RUNNING null'],
    ['latched', 46.5, 'STOP schedule'],
  ])(
    'lets a miner that somebody else switched on run past its hours: %s, %s V before, %s',
    (_what, v, expected) => {
      const hours = { preferTimeStart: 18, preferTimeEnd: 10, allowOutsideSchedule: false };
      const site = new Site({
        miners: [seedMiner(0, { ...hours, minimumOnMinutes: 0 })],
        zones: [seedZone(0, { onlyHeatWhenSolar: false })],
      });
      site.hold(60, { ...mild, v, heatRoomC: 0 });
      const above: Readings = { ...mild, v: 48, pv: 8450, load: 4378, heatRoomC: 0 };
      site.tick(above, { [PRIMARY]: 'on' });
      expect(verdictOf(site, PRIMARY)).toBe(expected);
    },
  );

  describe('by a miner whose hours are over', () => {
    // Three in the morning: only heating may run it.
    const miners = [
      seedMiner(0, {
        powerDrawWatts: 1000,
        preferTimeStart: 10,
        preferTimeEnd: 16,
        allowOutsideSchedule: false,
      }),
    ];
    const zones = [
      seedZone(0, { onlyHeatWhenSolar: true, minimumSolarForHeatingWatts: 2000 }),
      seedZone(1, { heatingEnabled: false }),
    ];
    const on: Loads = { [PRIMARY]: { state: 'on', powerW: { value: 1000, sampleAt: 0, ageMs: 0 } } };
    const sunny: Readings = { ...mild, pv: 2100, load: 1500, heatRoomC: 3, minute: 180 };
    const heating = (): Site => {
      const site = new Site({ miners, zones });
      expect(site.secondsUntil('START', PRIMARY, 600, { ...sunny, load: 500, heatRoomC: 0 })).toBe(300);
      site.hold(900, sunny, on);
      expect(verdictOf(site, PRIMARY)).toBe('KEEP_RUNNING null');
      return site;
    };

    it('goes on through a cloud, and ends when nine tenths of its sun are gone as long as its stop delay', () => {
      const site = heating();
      for (const [seconds, pv] of [
        [0, 0],
        [10, 2000],
        [110, 1799],
        [1800, 1800],
      ] as const) {
        site.hold(seconds, { ...sunny, pv }, on);
        expect(verdictOf(site, PRIMARY)).toBe('KEEP_RUNNING null');
        expect(site.result?.zones[0]?.sentence).toBe('Heat Room asks for heat from its miner');
      }
      expect(site.secondsUntil('STOP', PRIMARY, 900, { ...sunny, pv: 1799 }, on)).toBe(120);
      expect(verdictOf(site, PRIMARY)).toBe('STOP schedule');
    });

    it('names the sun that ends it, true and no more than it takes', () => {
      const site = heating();
      const input = { snapshot: siteSnapshot(site.now, sunny, on), config: site.config, memory: site.memory };
      const { flip } = explain(input, PRIMARY);
      if (flip.kind !== 'change') return expect.unreachable(flip.text);
      expect(flip.text).toBe('stops if solar falls to 1790 W, held 2 min');
      expect(faultOfFlip(input, PRIMARY, flip)).toBeNull();
    });

    it('goes on for half an hour without a meter of the sun', () => {
      expect(heating().secondsUntil('STOP', PRIMARY, 3600, { ...sunny, pv: null }, on)).toBe(1800);
    });

    it('is not prolonged where heating never had its sun', () => {
      const site = new Site({ miners, zones });
      site.hold(900, { ...sunny, minute: 720, heatRoomC: 20 }, on);
      site.tick({ ...sunny, pv: 1900 }, on);
      expect(verdictOf(site, PRIMARY)).toBe('STOP schedule');
    });

    it('ends at cold_ok', () => {
      const site = heating();
      site.tick({ ...sunny, heatRoomC: 5 }, on);
      expect(verdictOf(site, PRIMARY)).toBe('STOP schedule');
    });
  });
});

describe('a null limit skips its own rule only', () => {
  const at = (zone: Parameters<typeof seedZone>[1], heatRoomC: number) => {
    const site = new Site({ zones: [seedZone(0, zone)] });
    const { chargePermission, zones } = site.tick({ ...mild, heatRoomC });
    const [first] = zones;
    return [first?.wantsCooling, first?.wantsHeat, chargePermission.permitted];
  };

  it.each<[name: string, zone: Parameters<typeof seedZone>[1], hot: unknown[], cold: unknown[]]>([
    ['none of them', {}, [true, false, true], [false, true, false]],
    ['too_hot', { tempTooHot: null }, [false, false, true], [false, true, false]],
    ['hot_ok', { tempHotOk: null }, [true, false, true], [false, true, false]],
    ['cold_ok', { tempColdOk: null }, [true, false, true], [false, true, false]],
    // A cold bank asks for heat by itself.
    ['too_cold', { tempTooCold: null }, [true, false, true], [false, true, false]],
    ['block_charging_below', { blockChargingBelowTemp: null }, [true, false, true], [false, true, true]],
  ])('%s', (_name, zone, hot, cold) => {
    expect(at(zone, 42)).toEqual(hot);
    expect(at(zone, -2)).toEqual(cold);
  });
});

describe('a frozen bank', () => {
  it('waits or probes, and blocks charging, at −2 °C and 2000 W', () => {
    const site = new Site();
    const icy: Readings = { ...mild, pv: 2000, heatRoomC: -2, batteryW: 0 };
    site.tick(icy);
    expect(site.result?.chargePermission.permitted).toBe(false);
    expect(site.result?.zones[0]?.wantsHeat).toBe(true);
    expect(verdictOf(site, HEAT_ROOM_HEATER)).toMatch(/^WAIT/);
    // Its first source is the miner, which the pool can carry; the heater where there is no such miner.
    expect(site.secondsUntil('START', PRIMARY, 900, icy)).toBe(290);
    const alone = new Site({ miners: [] });
    // 1300 W of surplus would not carry it: PV that is not taken hides the rest.
    const dim: Readings = { ...icy, load: 700 };
    expect(alone.secondsUntil('START', HEAT_ROOM_HEATER, 900, dim)).toBe(300);
    expect(decisionFor(alone.result ?? alone.tick(dim), HEAT_ROOM_HEATER).probe).toBe(true);
  });

  it('is heated within 15 min by any sun, latched and throttled as it is', () => {
    // PV follows the 300 W house; the bank is latched; neither the miner nor 4000 W of sun can be had.
    const locked: Readings = {
      v: 48,
      pv: 300,
      load: 300,
      heatRoomC: -3,
      batteryC: -3,
      batteryW: 0,
      clearSkyW: 5000,
    };
    const site = new Site();
    site.hold(20, { ...locked, v: 46.5 });
    const seconds = site.secondsUntil('START', HEAT_ROOM_HEATER, 1200, locked);
    expect(seconds).not.toBeNull();
    expect(seconds).toBeLessThanOrEqual(900);
    const on: Loads = { [HEAT_ROOM_HEATER]: { state: 'on', powerW: { value: 1500, sampleAt: 0, ageMs: 0 } } };
    site.hold(3600, { ...locked, pv: 1800, load: 1800 }, on);
    expect(verdictOf(site, HEAT_ROOM_HEATER)).toBe('KEEP_RUNNING null');
    // A tenth of 1500 W from the bank for a minute ends it.
    const drained: Readings = { ...locked, pv: 1600, load: 1800, batteryW: -200 };
    expect(site.secondsUntil('STOP', HEAT_ROOM_HEATER, 600, drained, on)).toBe(60);
    expect(verdictOf(site, HEAT_ROOM_HEATER)).toBe('STOP probe');
  });

  it.each([
    [1, 201, true],
    [1, 200, false],
    [0, 5000, false],
    [1, null, true],
  ])('knows the sun is up by PV and a clear sky of over 200 W: %s W, %s W', (pv, clearSkyW, heats) => {
    const site = new Site({ miners: [] });
    const icy: Readings = { v: 48, pv, load: 300, heatRoomC: -3, batteryW: 0, clearSkyW };
    site.hold(20, { ...icy, v: 46.5 });
    expect(site.secondsUntil('START', HEAT_ROOM_HEATER, 1200, icy) !== null).toBe(heats);
  });

  it.each([
    [-150, null],
    [-151, 60],
  ])('may give its heater a tenth of 1500 W for less than a minute: %s W', (batteryW, stopS) => {
    const site = new Site({ miners: [] });
    const icy: Readings = { v: 48, pv: 300, load: 300, heatRoomC: -3, batteryW: 0, clearSkyW: 5000 };
    site.hold(20, { ...icy, v: 46.5 });
    site.secondsUntil('START', HEAT_ROOM_HEATER, 1200, icy);
    const on: Loads = { [HEAT_ROOM_HEATER]: { state: 'on', powerW: { value: 1500, sampleAt: 0, ageMs: 0 } } };
    const heated: Readings = { ...icy, pv: 1800, load: 1800 };
    site.hold(600, heated, on);
    // Sun is measured to be enough: only the bank tells.
    const drained: Readings = { ...heated, batteryW };
    expect(site.secondsUntil('STOP', HEAT_ROOM_HEATER, 600, drained, on)).toBe(stopS);
  });

  it('is not heated from the pool while latched, however high its voltage', () => {
    const site = new Site({ miners: [], zones: [seedZone(0, { onlyHeatWhenSolar: false })] });
    // It gives 400 W, so that sun alone does not do.
    const icy: Readings = { v: 51, pv: 100, load: 500, batteryW: -400, heatRoomC: -3 };
    site.hold(20, { ...icy, v: 46.5 });
    expect(site.secondsUntil('START', HEAT_ROOM_HEATER, 110, icy)).toBeNull();
    expect(site.result?.battery.latched).toBe(true);
    expect(verdictOf(site, HEAT_ROOM_HEATER)).toBe('WAIT available');
    // Released, it takes the pool once it has rested.
    expect(site.secondsUntil('START', HEAT_ROOM_HEATER, 300, icy)).not.toBeNull();
  });

  it('is not heated in CRITICAL or in the dark', () => {
    const dark: Readings = { v: 48, pv: 0, load: 300, heatRoomC: -3, batteryW: 0, clearSkyW: 0 };
    const site = new Site();
    site.hold(1200, dark);
    expect(verdictOf(site, HEAT_ROOM_HEATER)).toMatch(/^WAIT/);
    const critical = new Site();
    critical.hold(1200, { ...dark, pv: 300, clearSkyW: 5000, v: 45 });
    expect(verdictOf(critical, HEAT_ROOM_HEATER)).toBe('WAIT band');
  });

  it.each([
    [34.9, true],
    [35, false],
  ])('is not heated in a room at hot_ok: %s °C', (heatRoomC, wantsHeat) => {
    const { zones, chargePermission } = new Site().tick({ ...mild, batteryC: -3, heatRoomC });
    expect(chargePermission.permitted).toBe(false);
    expect(zones[0]).toMatchObject({ wantsHeat });
  });

  it('asks on past cold_ok until the block lifts', () => {
    const zones = [seedZone(0, { tempColdOk: 1 }), seedZone(1)];
    const site = new Site({ zones });
    site.tick({ ...mild, heatRoomC: -1 });
    expect(site.tick({ ...mild, heatRoomC: 1.5 }).zones[0]).toMatchObject({
      wantsHeat: true,
      chargingBlocked: true,
    });
    expect(site.tick({ ...mild, heatRoomC: 2 }).zones[0]).toMatchObject({
      wantsHeat: false,
      chargingBlocked: false,
    });
  });
});
