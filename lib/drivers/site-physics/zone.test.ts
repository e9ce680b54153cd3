import { describe, expect, it } from 'vitest';
import { stepZone, zoneParameters } from './zone';

const parameters = zoneParameters(20);
const night = { temperatureC: 5, globalWm2: 0 };

function run(state: { airC: number; massC: number }, seconds: number, heatW: number, airflow = 0, dtS = 5) {
  for (let s = 0; s < seconds; s += dtS) stepZone(state, parameters, night, heatW, airflow, dtS);
  return state;
}

describe('zone', () => {
  it('settles where heat in equals heat out', () => {
    const state = run({ airC: 5, massC: 5 }, 30 * 86_400, 1000, 0, 60);
    const outW = parameters.toOutdoors * (state.airC - 5);
    expect(outW).toBeCloseTo(1000 + parameters.internalW, 0);
  });

  it('keeps its energy: what went in is in air and mass or went out', () => {
    const state = { airC: 12, massC: 9 };
    const storedJ = () => parameters.airCapacity * state.airC + parameters.massCapacity * state.massC;
    const beforeJ = storedJ();
    let outJ = 0;
    const steps = 20_000;
    for (let i = 0; i < steps; i += 1) {
      const before = state.airC;
      stepZone(state, parameters, night, 1500, 120, 5);
      outJ += (parameters.toOutdoors + 120) * ((before + state.airC) / 2 - 5) * 5;
    }
    const inJ = (1500 + parameters.internalW) * steps * 5;
    expect(Math.abs(inJ - outJ - (storedJ() - beforeJ))).toBeLessThan(0.002 * inJ);
  });

  it('is the same at any step length', () => {
    const fine = run({ airC: 15, massC: 12 }, 7200, 1500, 100, 5);
    const coarse = run({ airC: 15, massC: 12 }, 7200, 1500, 100, 60);
    expect(Math.abs(fine.airC - coarse.airC)).toBeLessThan(0.05);
  });

  it('warms with a heater and cools with a fan', () => {
    const heated = run({ airC: 10, massC: 10 }, 3600, 1500).airC;
    const aired = run({ airC: 10, massC: 10 }, 3600, 1500, 300).airC;
    expect(heated).toBeGreaterThan(14);
    expect(aired).toBeLessThan(heated - 3);
  });
});
