import { describe, expect, it } from 'vitest';
import { decisionFor, PRIMARY, type Readings, Site, seedMiner } from './scenario.case';

/** The pool as an energy (control.md §3, I13). */

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
