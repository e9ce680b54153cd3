import { describe, expect, it } from 'vitest';
import { explain } from './explain';
import { faultOfFlip } from './flip-check.case';
import { restoreMemory } from './memory';
import {
  type ConfigChanges,
  decisionFor,
  PRIMARY,
  type Readings,
  Site,
  seedMiner,
  seedZone,
  siteSnapshot,
} from './scenario.case';

/** The pool as an energy (control.md §3, I13), and the house's night before it. */

const on = { [PRIMARY]: { state: 'on', powerW: { value: 3878, sampleAt: 0, ageMs: 0 } } } as const;
const day: Readings = { v: 52.3, pv: 8450, load: 1850, minute: 1200 };

describe('the energy that miners may take', () => {
  it('is not exceeded by a deficit of less than a tenth of the draw', () => {
    // 900 Ah × 51.2 V × 1 % = 460.8 Wh, of which one tick is gone.
    const site = new Site({
      miners: [seedMiner(0)],
      preferences: { maxBatteryDischargePercent: 1 },
    });
    site.hold(300, day);
    const short: Readings = { ...day, v: 52, pv: 500 + 3878 - 310, load: 4378, batteryW: -310 };
    const capWh = site.tick(short, on).budget.poolEnergyLeftWh ?? 0;
    expect(capWh).toBeCloseTo(460.8 - (310 * 10) / 3600, 6);
    let takenWh = 0;
    for (let i = 0; i < 6 * 60 * 6; i++) {
      if (decisionFor(site.tick(short, on), PRIMARY).verdict === 'STOP') break;
      takenWh += (310 * 10) / 3600;
    }
    // One stop delay of the full draw beyond the cap.
    expect(takenWh).toBeGreaterThan(capWh - 5);
    expect(takenWh).toBeLessThan(capWh + (3878 * 2) / 60);
  });

  it('is not given again by a charge stage that says float while the bank gives', () => {
    const site = new Site({ miners: [seedMiner(0)] });
    const full: Readings = { ...day, stage: 'float', batteryW: 0 };
    site.hold(300, full);
    const dark: Readings = { ...full, v: 51, pv: 0, load: 4378, batteryW: -4378 };
    const fullWh = site.tick(full, on).budget.poolEnergyLeftWh ?? 0;
    site.hold(1800, dark, on);
    expect(site.result?.budget.poolEnergyLeftWh).toBeLessThan(fullWh - 1800);
    expect(site.tick(full, on).budget.poolEnergyLeftWh).toBe(fullWh);
  });

  it('is given again without a meter of the bank once no miner draws', () => {
    const site = new Site({ miners: [seedMiner(0)] });
    const float: Readings = { ...day, stage: 'float' };
    const fullWh = site.hold(300, float).budget.poolEnergyLeftWh ?? 0;
    const left = site.hold(600, float, on).budget.poolEnergyLeftWh ?? 0;
    expect(left).toBeLessThan(fullWh - 500);
    expect(site.tick(float).budget.poolEnergyLeftWh).toBe(fullWh);
  });

  it('is what the bank gives, not what the meters of PV and load leave over', () => {
    // By its meters the sun carries the miner; something unseen draws 2 kW, half of it from the bank.
    const unseen: Readings = { ...day, pv: 5378, load: 4378, batteryW: -1000 };
    const secondsUntilStop = (batteryW: number): number | null => {
      const site = new Site({ miners: [seedMiner(0)], preferences: { maxBatteryDischargePercent: 1 } });
      site.hold(300, day);
      return site.secondsUntil('STOP', PRIMARY, 7200, { ...unseen, batteryW }, on);
    };
    const capS = (460.8 * 3600) / 1000;
    const delayS = (3878 * 120 * 0.5) / (1000 - 0.1 * 3878);
    expect(secondsUntilStop(-1000)).toBeGreaterThan(capS);
    expect(secondsUntilStop(-1000)).toBeLessThan(capS + delayS + 30);
    expect(secondsUntilStop(1000)).toBeNull();
  });
});

describe('a bank without a float stage is full', () => {
  // 900 Ah: 0.05 C is 45 A, and up to 9 A may leave it at rest.
  const held: Readings = { ...day, v: 55, a: 44.9, stage: 'absorption', batteryW: 2470 };
  const capWh = 6912;

  /** Wh that miners may take again, having taken some before. */
  const leftAfter = (seconds: number, readings: Readings): number => {
    const site = new Site({ miners: [seedMiner(0)] });
    site.hold(600, { ...day, v: 52, load: 4378, pv: 500, batteryW: -3878 }, on);
    expect(site.result?.budget.poolEnergyLeftWh).toBeLessThan(capWh - 600);
    return site.hold(seconds, readings).budget.poolEnergyLeftWh ?? Number.NaN;
  };

  it.each<[what: string, seconds: number, changes: Partial<Readings>, full: boolean]>([
    ['after 30 min below 0.05 C at the float voltage', 1800, {}, true],
    ['not before', 1790, {}, false],
    ['not at 0.05 C', 7200, { a: 45 }, false],
    ['not below the float voltage', 7200, { v: 54.99 }, false],
    ['at rest, 0.01 C leaving it', 1800, { a: -9, batteryW: -100 }, true],
    ['not while it gives more', 7200, { a: -9.1, batteryW: -500 }, false],
    ['not without its current', 7200, { a: null }, false],
  ])('%s', (_what, seconds, changes, full) => {
    const leftWh = leftAfter(seconds, { ...held, ...changes });
    if (full) expect(leftWh).toBe(capWh);
    else expect(leftWh).toBeLessThan(capWh - 600);
  });

  it('and its 30 min are without a gap', () => {
    const site = new Site({ miners: [seedMiner(0)] });
    site.hold(600, { ...day, v: 52, load: 4378, pv: 500, batteryW: -3878 }, on);
    site.hold(1790, held);
    site.tick({ ...held, v: 54.9 });
    expect(site.hold(1790, held).budget.poolEnergyLeftWh).toBeLessThan(capWh - 600);
    expect(site.tick(held).budget.poolEnergyLeftWh).toBe(capWh);
  });
});

// 300 Ah × 51.2 V = 15 360 Wh, of which miners may take 2304.
const small = { miners: [seedMiner(0)], preferences: { batteryCapacityAh: 300 } };
const evening: Readings = { v: 52.3, pv: 0, load: 3200, minute: 20 * 60, batteryW: -3200 };
const full: Readings = { ...evening, v: 55.2, load: 0, stage: 'float', batteryW: 0 };

describe('the night reserve', () => {
  const leftWh = (site: Site): number => site.result?.budget.poolEnergyLeftWh ?? Number.NaN;

  /** The house takes 3200 W from 20:00 on: 12.8 kWh until midnight. */
  function afterOneEvening(changes: ConfigChanges = small): Site {
    const site = new Site(changes);
    site.hold(4 * 3600, evening);
    return site;
  }

  it('leaves miners the whole of their share while the house needs little of the bank', () => {
    const site = new Site(small);
    site.hold(4 * 3600, { ...evening, load: 500, batteryW: -500 });
    expect(leftWh(site)).toBeCloseTo(2304, 6);
  });

  it('counts what the house took, a day at a time, and keeps a tenth more for the next night', () => {
    const site = afterOneEvening();
    const neededWh = 3200 * 4 + (3200 * 10) / 3600;
    expect(leftWh(site)).toBeGreaterThan(15_360 - 1.1 * neededWh - 20);
    expect(leftWh(site)).toBeLessThan(15_360 - 1.1 * (neededWh - 20));
  });

  it('does not take the draw of miners for the need of the house', () => {
    const site = new Site(small);
    site.hold(4 * 3600, { ...evening, load: 4378, batteryW: -4378 }, on);
    // It took its share and more, and the house 500 W: nothing is kept beyond the share.
    site.tick({ ...evening, v: 55.2, stage: 'float', batteryW: 0 });
    expect(leftWh(site)).toBeCloseTo(2304, 6);
  });

  it('stops a miner that has had what the house can spare, and says so', () => {
    const site = afterOneEvening();
    const spareWh = leftWh(site);
    const night: Readings = { ...evening, load: 4378, batteryW: -4378 };
    const stopS = site.secondsUntil('STOP', PRIMARY, 7200, night, on);
    // 3878 W of it is the miner's; the deficit then fills 3878 W × 60 s.
    expect(stopS).toBeGreaterThan((spareWh * 3600) / 3878 + 40);
    expect(stopS).toBeLessThan((spareWh * 3600) / 3878 + 90);
    const snapshot = siteSnapshot(site.now, evening);
    const { sentence } = explain({ snapshot, config: site.config, memory: site.memory }, PRIMARY);
    expect(sentence).toContain('miners have had their share of the battery until it is full');
  });

  it('forgets a night by a fifth a day, and goes by a worse one at once', () => {
    // Miners may have nearly all, so that what is left shows the reserve.
    const site = afterOneEvening({
      ...small,
      preferences: { ...small.preferences, maxBatteryDischargePercent: 90 },
    });
    const firstWh = leftWh(site);
    const calm: Readings = { ...evening, load: 0, batteryW: 0 };
    site.tick(full);
    site.hold(24 * 3600, calm);
    expect(15_360 - leftWh(site)).toBeCloseTo(0.8 * (15_360 - firstWh), -2);
    site.tick(full);
    site.hold(20 * 3600, calm);
    site.hold(4 * 3600, { ...evening, load: 3400, batteryW: -3400 });
    expect(leftWh(site)).toBeLessThan(firstWh);
  });

  it('knows nothing of a house without a meter of the bank: the share alone holds', () => {
    const site = new Site(small);
    site.hold(4 * 3600, { ...evening, batteryW: null });
    expect(leftWh(site)).toBeCloseTo(2304, 6);
  });

  it('gives the same on both sides of a restart', () => {
    const site = afterOneEvening();
    const before = leftWh(site);
    site.memory = restoreMemory(JSON.parse(JSON.stringify(site.memory)), site.now);
    site.tick(evening);
    expect(leftWh(site)).toBeCloseTo(before, 6);
  });
});

describe('the night of the house, when the bank ran low and four days have not filled it', () => {
  const noon: Readings = { v: 53, pv: 6000, load: 500, minute: 12 * 60, batteryW: 5500 };
  const hour = 3_600_000;

  /** Full at 20:00, 8 kWh for the house until midnight, low (or not), and four days in which nothing comes or goes. */
  function remembered(low: boolean, metered: boolean): Site {
    const metering = (batteryW: number) => ({ batteryW: metered ? batteryW : null });
    const site = new Site(small);
    site.tick(full);
    site.hold(4 * 3600, { ...evening, load: 2000, ...metering(-2000) });
    if (low) site.hold(60, { ...evening, v: 46.5, load: 0, ...metering(0) });
    for (let day = 0; day < 4; day++) {
      site.hold(600, { ...evening, load: 0, ...metering(0) });
      site.now += 24 * hour;
    }
    return site;
  }
  const spells = {
    dull: remembered(true, true),
    notLow: remembered(false, true),
    blind: remembered(true, false),
  };
  function afterSpell(spell: keyof typeof spells, changes: ConfigChanges = small): Site {
    const site = new Site(changes, structuredClone(spells[spell].memory));
    site.now = spells[spell].now;
    return site;
  }
  const startS = (site: Site, readings = noon) => site.secondsUntil('START', PRIMARY, 20_000, readings);
  // 1.1 × 8 kWh at 95 % of 5500 W.
  const chargedS = (8800 * 3600) / (0.95 * 5500);

  it('comes before a miner may use the sun, and the miner says so', () => {
    const site = afterSpell('dull');
    const input = { snapshot: siteSnapshot(site.now, noon), config: site.config, memory: site.memory };
    const { sentence, binding, flip } = explain(input, PRIMARY);
    expect(binding).toBe('available');
    expect(sentence).toContain('the battery is charged for the night first');
    if (flip.kind !== 'change') throw new Error(`no flip: ${flip.text}`);
    expect(faultOfFlip(input, PRIMARY, flip)).toBeNull();
    expect(site.tick(noon).budget.poolEnergyLeftWh).toBe(0);
    const started = startS(site);
    expect(started).toBeGreaterThan(chargedS);
    expect(started).toBeLessThan(chargedS + 600);
  });

  it('stops a running miner, unless the owner wants it on', () => {
    const running: Readings = { ...noon, load: 4378, batteryW: 1622 };
    const stopS = (changes: ConfigChanges) =>
      afterSpell('dull', changes).secondsUntil('STOP', PRIMARY, 1800, running, on);
    // What it lacks is counted from the first tick on, and acted upon after its minimum on-time.
    expect(stopS(small)).toBe(600);
    const { now } = spells.dull;
    const wanted = { id: 'o1', loadId: PRIMARY, state: 'on', startsAt: now, endsAt: now + hour } as const;
    expect(stopS({ ...small, overrides: [wanted] })).toBeNull();
  });

  it('does not keep a miner from heating a room', () => {
    const cold = { tempTooCold: 10, tempColdOk: 12 };
    const heated = { ...small, zones: [seedZone(0, { ...cold, heatingPriority2: 'none' })] };
    const site = afterSpell('dull', heated);
    // Until the latch of the low bank is released.
    site.hold(180, noon);
    expect(startS(site, { ...noon, heatRoomC: 8 })).toBeLessThan(chargedS / 4);
  });

  it('is no concern where the bank did not run low, or has been full since', () => {
    expect(startS(afterSpell('notLow'))).toBeLessThan(600);
    const site = afterSpell('dull');
    site.tick(full);
    expect(startS(site)).toBeLessThan(600);
  });

  it('is not known without a meter of the bank', () => {
    expect(startS(afterSpell('blind'), { ...noon, batteryW: null })).toBeLessThan(chargedS / 4);
  });

  it('gives the same on both sides of a restart', () => {
    const site = afterSpell('dull');
    site.memory = restoreMemory(JSON.parse(JSON.stringify(site.memory)), site.now);
    expect(startS(site)).toBeGreaterThan(chargedS);
  });
});
