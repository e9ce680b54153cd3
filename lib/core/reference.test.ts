import { describe, expect, it } from 'vitest';
import { decide } from './decide';
import { initialMemory } from './memory';
import {
  decisionFor,
  PRIMARY,
  type Readings,
  S19,
  Site,
  siteConfig,
  siteSnapshot,
  T0,
} from './scenario.case';

/** The tables of control.md §2 and §3, on the seeded site. */

describe('bands at rest, default thresholds', () => {
  it.each([
    [44.0, 'SHUTDOWN', 0],
    [45.0, 'CRITICAL', 0],
    [45.01, 'LOW', 0.075],
    [47.0, 'LOW', 15],
    [47.5, 'RECOVERING', 19.1667],
    [49.99, 'RECOVERING', 39.9167],
    [50.0, 'OPTIMAL', 40],
    [52.3, 'OPTIMAL', 62.4],
    [54.5, 'OPTIMAL', 80],
    [54.51, 'HIGH', 80.1333],
  ])('%s V is %s (%s %%)', (v, band, socPct) => {
    const { battery } = new Site().hold(10, { v, pv: 0, load: 500 });
    expect(battery.band).toBe(band);
    expect(battery.voltageSocPct).toBeCloseTo(socPct, 3);
  });
});

describe('a reported state of charge beside 62.4 % by voltage', () => {
  it.each([
    [82.3, false],
    [82.5, true],
    [42.5, false],
    [42.3, true],
    [null, false],
  ])('of %s %% disagrees: %s', (socPct, disagrees) => {
    const { battery } = new Site().hold(10, { v: 52.3, pv: 0, load: 500, socPct });
    expect(battery).toMatchObject({ reportedSocPct: socPct, socDisagrees: disagrees });
  });
});

describe('reference case: 52.3 V, 09:30, PV 8450 W, load 1850 W', () => {
  const readings: Readings = { v: 52.3, pv: 8450, load: 1850, minute: 9 * 60 + 20 };

  it('has 6600 W of surplus, starts Primary and lets the S19 wait for its voltage', () => {
    const site = new Site();
    const result = site.hold(300, readings);
    expect(result.budget.surplusW).toBe(6600);
    expect(result.budget.poolW).toBe(5000);
    expect(decisionFor(result, PRIMARY)).toMatchObject({ verdict: 'START', binding: null, desired: 'on' });
    expect(decisionFor(result, S19)).toMatchObject({ verdict: 'WAIT', binding: 'start-voltage' });
  });

  it('starts at the tick that reaches the hold, not before', () => {
    expect(new Site().secondsUntil('START', PRIMARY, 600, readings)).toBe(300);
  });
});

describe('12:00, hold times met, nothing running', () => {
  it.each([
    [52.3, 8450, 1850, 'START', null, 'WAIT', 'start-voltage'],
    [54.6, 8450, 1850, 'START', null, 'WAIT', 'excess'],
    [55.0, 12000, 1000, 'START', null, 'WAIT', 'stagger'],
    [56.0, 7000, 500, 'START', null, 'WAIT', 'sun'],
    [48.0, 8000, 1000, 'WAIT', 'start-voltage', 'WAIT', 'emergency-voltage'],
  ] as const)(
    '%s V, PV %s, load %s: Primary %s (%s), S19 %s (%s)',
    (v, pv, load, primary, primaryGate, s19, s19Gate) => {
      const result = new Site().hold(300, { v, pv, load });
      expect(decisionFor(result, PRIMARY)).toMatchObject({ verdict: primary, binding: primaryGate });
      expect(decisionFor(result, S19)).toMatchObject({ verdict: s19, binding: s19Gate });
    },
  );

  it('45.0 V, both running: both stop at once', () => {
    const loads = { [PRIMARY]: 'on', [S19]: 'on' } as const;
    const { snapshot, config, memory } = {
      snapshot: siteSnapshot(T0, { v: 45, pv: 9000, load: 1000 }, loads),
      config: siteConfig(),
      memory: initialMemory(T0),
    };
    const result = decide({ snapshot, config, memory });
    for (const id of [PRIMARY, S19]) {
      expect(decisionFor(result, id)).toMatchObject({ verdict: 'EMERGENCY_STOP', desired: 'off' });
    }
  });

  it('starts the S19 once Primary has settled', () => {
    const site = new Site();
    const readings: Readings = { v: 55, pv: 12000, load: 1000 };
    site.hold(300, readings);
    const ramping = site.hold(
      60,
      { ...readings, load: 3000 },
      {
        [PRIMARY]: { state: 'ramping', powerW: { value: 2000, sampleAt: site.now, ageMs: 0 } },
      },
    );
    expect(decisionFor(ramping, PRIMARY).verdict).toBe('KEEP_RUNNING');
    expect(decisionFor(ramping, S19)).toMatchObject({ verdict: 'WAIT', binding: 'stagger' });
    const on = { [PRIMARY]: { state: 'on', powerW: { value: 3878, sampleAt: site.now, ageMs: 0 } } } as const;
    expect(decisionFor(site.tick({ ...readings, load: 4878 }, on), S19).binding).toBe('stagger');
    expect(decisionFor(site.tick({ ...readings, load: 4878 }, on), S19).verdict).toBe('START');
  });
});
