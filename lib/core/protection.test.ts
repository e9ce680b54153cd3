import { describe, expect, it } from 'vitest';
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
  siteConfig,
} from './scenario.case';

/** What protects bank and rooms when readings fall silent or hover at a limit. */

const mild: Readings = { v: 52.3, pv: 3000, load: 500 };

describe('a charge block whose sensor falls silent', () => {
  it('stays until that sensor is known to be warm again, loudly past the fail-safe time', () => {
    const site = new Site();
    expect(site.tick({ ...mild, batteryC: -5 }).chargePermission.permitted).toBe(false);
    const silent = site.tick({ ...mild, batteryC: null });
    expect(silent.chargePermission.permitted).toBe(false);
    expect(silent.chargePermission.reason).toContain('the battery temperature is missing');
    expect(site.tick({ ...mild, batteryC: -127 }).chargePermission.permitted).toBe(false);
    const late = site.hold(300, { ...mild, batteryC: null });
    expect(late.chargePermission.permitted).toBe(false);
    expect(late.summary.alerts.map((alert) => alert.key)).toContain('charge-block-unknown');
    expect(site.tick({ ...mild, batteryC: 1.9 }).chargePermission.permitted).toBe(false);
    const warm = site.tick({ ...mild, batteryC: 2 });
    expect(warm.chargePermission.permitted).toBe(true);
    expect(warm.summary.alerts.map((alert) => alert.key)).not.toContain('charge-block-unknown');
  });

  it('is as loud where the chemistry alone blocks, until the thermometer is back', () => {
    const site = new Site({ zones: [seedZone(0, { blockChargingBelowTemp: null }), seedZone(1)] });
    const alerts = (): string[] => (site.result?.summary.alerts ?? []).map((alert) => alert.key);
    site.tick({ ...mild, batteryC: -5 });
    site.hold(290, { ...mild, batteryC: null });
    expect(alerts()).not.toContain('charge-block-unknown');
    const late = site.tick({ ...mild, batteryC: null });
    expect(late.chargePermission.permitted).toBe(false);
    expect(late.summary.alerts).toContainEqual(
      expect.objectContaining({ key: 'charge-block-unknown', severity: 'critical' }),
    );
    // Back, and still too cold: the block is explained again.
    expect(site.tick({ ...mild, batteryC: -5 }).chargePermission.permitted).toBe(false);
    expect(alerts()).not.toContain('charge-block-unknown');
  });

  it('holds for the zone’s own sensor too, and ends with the limit', () => {
    const site = new Site();
    site.tick({ ...mild, heatRoomC: -1, batteryC: 10 });
    expect(site.hold(3600, { ...mild, heatRoomC: null, batteryC: 10 }).chargePermission.permitted).toBe(
      false,
    );
    site.config = new Site({
      zones: [seedZone(0, { blockChargingBelowTemp: null }), seedZone(1)],
    }).config;
    expect(site.tick({ ...mild, heatRoomC: null, batteryC: 10 }).chargePermission.permitted).toBe(true);
  });

  it('does not outlast a sensor that was never cold', () => {
    const site = new Site();
    site.tick({ ...mild, heatRoomC: 10, batteryC: 10 });
    expect(site.hold(3600, { ...mild, heatRoomC: 10, batteryC: null }).chargePermission.permitted).toBe(true);
  });
});

describe('an emergency', () => {
  const unknown: Loads = { [PRIMARY]: 'unknown', [MAIN_ROOM_HEATER]: 'unknown' };

  it.each([
    ['CRITICAL', 45],
    ['SHUTDOWN', 44],
  ])('of %s sends an off to what is unknown too, and starts nothing', (_band, v) => {
    const site = new Site();
    site.hold(60, mild);
    const { decisions } = site.tick({ ...mild, v }, unknown);
    const of = (loadId: string) => decisions.find((decision) => decision.loadId === loadId);
    for (const loadId of [PRIMARY, MAIN_ROOM_HEATER])
      expect(of(loadId)).toMatchObject({ verdict: 'EMERGENCY_STOP', desired: 'off' });
    expect(decisions.map(({ desired }) => desired)).not.toContain('on');
  });
});

describe('a charge block', () => {
  it.each(['advisory', 'automatic', 'paused'] as const)('stands in every control mode: %s', (controlMode) => {
    const { permitted } = new Site({ controlMode }).tick({ ...mild, heatRoomC: -1 }).chargePermission;
    expect(permitted).toBe(false);
  });

  it('is not defeated by an owner’s on', () => {
    const site = new Site();
    const { now: startsAt, config } = site;
    const on = { id: 'o', loadId: PRIMARY, state: 'on', startsAt, endsAt: startsAt + 3_600_000 } as const;
    site.config = { ...config, overrides: [on] };
    expect(site.tick({ ...mild, heatRoomC: -1 }).chargePermission.permitted).toBe(false);
  });
});

describe('a heater while the voltage is missing', () => {
  const on: Loads = { [MAIN_ROOM_HEATER]: { state: 'on', powerW: { value: 1500, sampleAt: 0, ageMs: 0 } } };
  const heating: Readings = { ...mild, load: 2000, mainRoomC: -6 };

  it.each([
    ['an unknown temperature', null, 'STOP', 'temperature'],
    ['a warm room', 30, 'STOP', 'temperature'],
    ['a cold room', -6, 'CANNOT_DECIDE', 'voltage-fresh'],
  ])('%s', (_what, mainRoomC, verdict, binding) => {
    const site = new Site();
    site.hold(400, { ...heating, load: 500 });
    site.hold(400, heating, on);
    const decision = decisionFor(site.tick({ ...heating, v: null, mainRoomC }, on), MAIN_ROOM_HEATER);
    expect(decision).toMatchObject({ verdict, binding, desired: verdict === 'STOP' ? 'off' : null });
  });
});

describe('a frozen bank', () => {
  it('that only its chemistry guards is heated by sun alone while latched', () => {
    const zones = [seedZone(0, { blockChargingBelowTemp: null }), seedZone(1)];
    const site = new Site({ zones, miners: [] });
    const icy: Readings = { v: 48, pv: 300, load: 300, batteryW: 0, heatRoomC: -3, batteryC: -3 };
    site.hold(30, { ...icy, v: 46.9, pv: 0, batteryW: -300 });
    const seconds = site.secondsUntil('START', HEAT_ROOM_HEATER, 1200, icy);
    expect(site.result?.battery.latched).toBe(true);
    expect(seconds).not.toBeNull();
    expect(seconds).toBeLessThanOrEqual(900);
    // A room that is warm by its own limits is not heated for a bank that may be elsewhere.
    expect(decisionFor(site.result ?? site.tick(icy), MAIN_ROOM_HEATER).verdict).toBe('WAIT');
  });

  it('that only its chemistry guards has the room that asked heated to 5 °C, until the block lifts', () => {
    const zones = [seedZone(0, { blockChargingBelowTemp: null }), seedZone(1)];
    const site = new Site({ zones, miners: [] });
    const icy: Readings = { v: 52.3, pv: 3000, load: 500, batteryW: 0, batteryC: -3 };
    site.hold(400, { ...icy, mainRoomC: -5 });
    const on: Loads = { [MAIN_ROOM_HEATER]: 'on' };
    const at = (mainRoomC: number, batteryC = -3) => {
      const result = site.tick({ ...icy, load: 2000, mainRoomC, batteryC }, on);
      return decisionFor(result, MAIN_ROOM_HEATER).verdict;
    };
    // Its own cold_ok is 0 °C.
    expect([at(-1), at(0), at(4.9), at(5)]).toEqual(['KEEP_RUNNING', 'KEEP_RUNNING', 'KEEP_RUNNING', 'STOP']);
    site.hold(400, { ...icy, mainRoomC: -5 });
    expect([at(1), at(1, 2)]).toEqual(['KEEP_RUNNING', 'STOP']);
  });

  it('that its chemistry blocked stays blocked when a zone is given a limit', () => {
    const unlimited = [seedZone(0, { blockChargingBelowTemp: null }), seedZone(1)];
    const site = new Site({ zones: unlimited });
    expect(site.tick({ ...mild, batteryC: -1 }).chargePermission.permitted).toBe(false);
    site.config = siteConfig();
    expect(site.tick({ ...mild, batteryC: 0.5 }).chargePermission.permitted).toBe(false);
    expect(site.tick({ ...mild, batteryC: null }).chargePermission.permitted).toBe(false);
    const silent = new Site({ zones: unlimited });
    silent.tick({ ...mild, batteryC: -1 });
    silent.config = siteConfig();
    expect(silent.tick({ ...mild, batteryC: null }).chargePermission.permitted).toBe(false);
    expect(site.tick({ ...mild, batteryC: 2 }).chargePermission.permitted).toBe(true);
  });

  it('is heated by its miner on hidden sun, where that is all there is', () => {
    const zones = [seedZone(0, { heatingPriority2: 'none' })];
    // It stands in no zone, and heats one all the same.
    const miners = [seedMiner(0, { operatingMode: 'opportunistic', zoneId: null })];
    const site = new Site({ zones, miners });
    const icy: Readings = { v: 52.3, pv: 520, load: 520, batteryW: 0, heatRoomC: -2 };
    expect(site.secondsUntil('START', PRIMARY, 1200, icy)).not.toBeNull();
    expect(decisionFor(site.result ?? site.tick(icy), PRIMARY).probe).toBe(true);
    // Once the bank gives what the sun does not, it ends.
    const drained: Readings = { ...icy, pv: 520, load: 4398, batteryW: -3878 };
    expect(site.secondsUntil('STOP', PRIMARY, 1200, drained, { [PRIMARY]: 'on' })).not.toBeNull();
  });

  it('whose probe ended in CRITICAL is left in peace for half an hour', () => {
    const site = new Site({ miners: [] });
    const idle: Readings = {
      v: 45.3,
      pv: 150,
      load: 150,
      batteryW: 0,
      heatRoomC: -3,
      stage: 'throttled',
    };
    site.hold(30, { ...idle, v: 46.5, pv: 0, batteryW: -150 });
    const starts: number[] = [];
    let running = false;
    for (let s = 0; s < 7200; s += 10) {
      const readings: Readings = running ? { ...idle, v: 44.9, load: 1650, batteryW: -1450 } : idle;
      const loads: Loads = running ? { [HEAT_ROOM_HEATER]: 'on' } : {};
      const { desired } = decisionFor(site.tick(readings, loads), HEAT_ROOM_HEATER);
      if (desired === 'on' && !running) starts.push(s);
      if (desired !== null) running = desired === 'on';
    }
    // 30 min, then an hour.
    expect(starts.length).toBe(3);
  });
});

describe('a fan at the edge of SHUTDOWN', () => {
  it('is switched on again a minute after it at the earliest', () => {
    const site = new Site();
    let on = false;
    let starts = 0;
    for (let i = 0; i < 100; i++) {
      const readings: Readings = { ...mild, v: i % 2 === 0 ? 44 : 44.01, heatRoomC: 42 };
      const loads: Loads = on ? { [HEAT_ROOM_FAN]: { state: 'on', fanSpeed: 10 } } : {};
      const { desired } = decisionFor(site.tick(readings, loads), HEAT_ROOM_FAN);
      if (desired === 'on' && !on) starts++;
      on = desired === 'on';
    }
    expect(starts).toBe(0);
    const after: Readings = { ...mild, v: 44.5, heatRoomC: 42 };
    // The last SHUTDOWN was one tick ago.
    expect(site.secondsUntil('START', HEAT_ROOM_FAN, 300, after)).toBe(40);
  });
});
