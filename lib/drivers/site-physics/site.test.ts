import { describe, expect, it } from 'vitest';
import { openCircuitV } from './battery';
import { chargeStage } from './charger';
import { loadOff, switchLoad } from './miner';
import { uniform } from './random';
import {
  type Grid,
  newSite,
  noFlow,
  type SiteInputs,
  type SiteParts,
  siteParameters,
  stepSite,
} from './site';
import { zoneParameters } from './zone';

function bench(options: { soc?: number; temperatureC?: number; grid?: Grid } = {}) {
  const zone = {
    parameters: zoneParameters(20),
    state: { airC: options.temperatureC ?? 20, massC: options.temperatureC ?? 20 },
    heatW: 0,
    airflowWPerK: 0,
  };
  const miner = { parameters: { stream: 900, ratedW: 3878, ramps: true }, state: loadOff(), zone };
  const parts: SiteParts = { loads: [miner], fans: [{ speed: 0, zone }], zones: [zone], batteryZone: zone };
  const parameters = siteParameters(1, 900, options.grid ?? 'none');
  const state = newSite(options.soc ?? 0.6, options.temperatureC ?? 20);
  const flow = noFlow();
  const inputs: SiteInputs = {
    pvPotentialW: 0,
    houseW: 800,
    temperatureC: options.temperatureC ?? 20,
    globalWm2: 0,
  };
  const run = (seconds: number, change: Partial<SiteInputs> = {}) => {
    Object.assign(inputs, change);
    for (let s = 0; s < seconds; s += 5) stepSite(state, parts, parameters, inputs, flow, 5);
  };
  return { parts, parameters, state, flow, inputs, run, miner, zone };
}

describe('energy of the site', () => {
  it.each(['none', 'import', 'both'] as const)(
    'balances at every step, and nothing is made of nothing, grid: %s',
    (grid) => {
      const { parts, parameters, state, flow, inputs, miner } = bench({ grid });
      /** Of each sum the furthest that any step was off: 20,000 steps are too many to expect of each. */
      const worst = { balance: 0, gain: 0, excessLosses: 0, pv: 0, load: 0, battery: 0, grid: 0 };
      const note = (sum: keyof typeof worst, off: number) => {
        worst[sum] = Math.max(worst[sum], off);
      };
      for (let i = 0; i < 20_000; i += 1) {
        const chance = uniform(3, 5, i);
        if (chance < 0.01) inputs.pvPotentialW = 13_000 * uniform(3, 6, i);
        if (chance > 0.99) inputs.houseW = 9000 * uniform(3, 7, i);
        if (chance > 0.5 && chance < 0.503) switchLoad(miner.state, !miner.state.on);
        stepSite(state, parts, parameters, inputs, flow, 5);
        note('balance', Math.abs(flow.pvW + flow.gridW - (flow.loadW + flow.batteryW + flow.lossesW)));
        note('gain', -flow.lossesW);
        note('excessLosses', flow.lossesW - (90 + 0.06 * (Math.abs(flow.loadW) + Math.abs(flow.gridW))));
        note('pv', Math.abs(flow.pvW + flow.curtailedW - inputs.pvPotentialW));
        note('load', Math.abs(flow.loadW + flow.unservedW - (inputs.houseW + miner.state.powerW)));
        note('battery', Math.abs(state.battery.voltageV * state.battery.currentA - flow.batteryW));
        if (grid === 'none') note('grid', Math.abs(flow.gridW));
      }
      expect(worst.balance).toBeLessThan(1e-6);
      expect(worst.gain).toBeLessThan(1e-6);
      expect(worst.excessLosses).toBe(0);
      expect(worst.pv).toBeCloseTo(0, 6);
      expect(worst.load).toBeCloseTo(0, 6);
      expect(worst.battery).toBeCloseTo(0, 4);
      expect(worst.grid).toBe(0);
    },
  );

  it('is the same for the same seed', () => {
    const a = bench();
    const b = bench();
    for (const { run, miner } of [a, b]) {
      switchLoad(miner.state, true);
      run(7200, { pvPotentialW: 5000 });
    }
    expect(b.state).toEqual(a.state);
    expect(b.flow).toEqual(a.flow);
  });
});

describe('charging', () => {
  it('goes through bulk, absorption and float, and then throttles the array to what the house takes', () => {
    const { state, flow, run } = bench({ soc: 0.9 });
    const stages = new Set<string>();
    for (let minute = 0; minute < 300; minute += 1) {
      run(60, { pvPotentialW: 9000 });
      stages.add(chargeStage(state.charger));
      expect(state.battery.voltageV).toBeLessThan(57);
    }
    expect([...stages]).toEqual(['bulk', 'absorption', 'float']);
    expect(state.battery.soc).toBeGreaterThan(0.98);
    expect(state.battery.voltageV).toBeGreaterThan(55);
    expect(flow.curtailedW).toBeGreaterThan(7000);
    expect(flow.pvW).toBeLessThan(1300);
  });

  it('lets the array follow a miner that starts on a full bank', () => {
    const { flow, run, miner, state } = bench({ soc: 0.97 });
    run(4 * 3600, { pvPotentialW: 9000 });
    const before = flow.pvW;
    switchLoad(miner.state, true);
    run(300);
    expect(flow.pvW - before).toBeGreaterThan(3800);
    expect(state.battery.voltageV).toBeGreaterThan(54.5);
  });

  it('puts no current into a frozen bank, whatever the sun does', () => {
    const { state, flow, run } = bench({ temperatureC: -3 });
    for (let minute = 0; minute < 60; minute += 1) {
      run(60, { pvPotentialW: 10_000 });
      if (state.battery.temperatureC <= 0) {
        expect(state.battery.currentA).toBeLessThanOrEqual(1e-9);
        expect(flow.pvW).toBeGreaterThan(800);
        expect(chargeStage(state.charger)).toBe('throttled');
      }
    }
    expect(state.battery.temperatureC).toBeLessThan(0);
  });
});

describe('empty', () => {
  it('goes dark at the cut-out and comes back once the sun has charged it', () => {
    const { state, flow, run } = bench({ soc: 0.08 });
    run(12 * 3600, { houseW: 1500, pvPotentialW: 0 });
    expect(state.mains.on).toBe(false);
    expect(flow.loadW).toBe(0);
    expect(flow.unservedW).toBe(1500);
    expect(state.battery.soc).toBeGreaterThan(0);
    run(1800, { pvPotentialW: 8000 });
    expect(state.mains.on).toBe(true);
    expect(openCircuitV(state.battery.soc)).toBeGreaterThan(50);
  });

  it('imports below a fifth where there is a grid', () => {
    const { state, flow, run } = bench({ soc: 0.19, grid: 'import' });
    run(3600, { houseW: 2000 });
    expect(flow.gridW).toBeGreaterThan(2000);
    expect(flow.batteryW).toBe(0);
    expect(state.mains.on).toBe(true);
  });
});

it('trips on overload and tries again after a minute', () => {
  const { state, run } = bench();
  run(60, { houseW: 18_000 });
  expect(state.mains.on).toBe(false);
  run(70, { houseW: 800 });
  expect(state.mains.on).toBe(true);
});

it('exports what a full bank leaves over only where the grid takes it', () => {
  const { flow, run } = bench({ soc: 0.99, grid: 'both' });
  run(3 * 3600, { pvPotentialW: 9000 });
  expect(flow.gridW).toBeLessThan(-6000);
  expect(flow.curtailedW).toBe(0);
});

it('warms the room of the miner', () => {
  const { zone, run, miner } = bench();
  const before = zone.state.airC;
  switchLoad(miner.state, true);
  run(3600, { pvPotentialW: 6000 });
  expect(zone.state.airC).toBeGreaterThan(before + 3);
});
