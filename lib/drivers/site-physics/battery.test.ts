import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type BatteryState,
  batteryParameters,
  chargeLimitA,
  currentForPowerA,
  dischargeLimitA,
  openCircuitV,
  restingBattery,
  stepBattery,
} from './battery';

const parameters = batteryParameters(900);
const bankAh = 900;

function run(state: BatteryState, seconds: number, powerW: number) {
  for (let s = 0; s < seconds; s += 5) {
    stepBattery(state, parameters, currentForPowerA(state, parameters, powerW), state.temperatureC, 5);
  }
}

describe('open-circuit voltage', () => {
  it.each([
    [0.1, 51.15],
    [0.2, 51.75],
    [0.3, 52.32],
    [0.4, 52.67],
    [0.5, 52.79],
    [0.6, 52.86],
    [0.7, 52.97],
    [0.8, 53.35],
    [0.9, 53.48],
    [0.98, 53.58],
    [1, 56.5],
    [0.45, 52.73],
    [-0.1, 40],
    [1.1, 56.5],
  ])('at %d is %d V', (soc, volt) => {
    expect(openCircuitV(soc)).toBeCloseTo(volt, 9);
  });

  it('rises everywhere', () => {
    for (let z = 0.001; z <= 1; z += 0.001) expect(openCircuitV(z)).toBeGreaterThan(openCircuitV(z - 0.001));
  });

  const table = join(import.meta.dirname, '../../../../shared/traces/lfp_cell_sony26650_3ah_ocv.csv');
  it.skipIf(!existsSync(table))(
    'stays within 0.1 V of the lab table from 10 to 98 % (needs the shared traces)',
    () => {
      const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1);
      for (const row of rows) {
        const [soc = 0, , , , packV = 0] = row.split(',').map(Number);
        if (soc >= 10 && soc <= 98)
          expect(Math.abs(openCircuitV(soc / 100) - packV), `${soc} %`).toBeLessThan(0.1);
      }
    },
  );
});

describe('sag', () => {
  it('of a 10 kW step is about 0.7 V within a minute and 1.16 V in all', () => {
    // Already on the discharge branch, so that hysteresis does not count as sag.
    const state: BatteryState = { ...restingBattery(0.6, 25), hysteresis: -1 };
    const rest = (s: BatteryState) => openCircuitV(s.soc) + 16 * s.hysteresis * 0.022;
    run(state, 5, -10_000);
    expect(rest(state) - state.voltageV).toBeCloseTo(0.54, 1);
    run(state, 55, -10_000);
    expect(rest(state) - state.voltageV).toBeGreaterThan(0.65);
    expect(rest(state) - state.voltageV).toBeLessThan(0.75);
    run(state, 3600, -10_000);
    expect(rest(state) - state.voltageV).toBeGreaterThan(1.1);
    expect(rest(state) - state.voltageV).toBeLessThan(1.25);
  });

  it('grows in the cold and towards empty', () => {
    const sag = (soc: number, temperatureC: number) => {
      const state = { ...restingBattery(soc, temperatureC), hysteresis: -1 };
      const before = openCircuitV(soc);
      run(state, 5, -5000);
      return before - state.voltageV;
    };
    expect(sag(0.6, 0)).toBeGreaterThan(1.3 * sag(0.6, 25));
    expect(sag(0.02, 25)).toBeGreaterThan(sag(0.6, 25));
  });
});

describe('energy', () => {
  it('that went in is stored or became heat', () => {
    const state = restingBattery(0.4, 25);
    const before = { ...state };
    let terminalJ = 0;
    let lossJ = 0;
    const chargeJ = (z0: number, z1: number) => {
      let sum = 0;
      const steps = 2000;
      for (let i = 0; i < steps; i += 1) sum += openCircuitV(z0 + ((z1 - z0) * (i + 0.5)) / steps);
      return (sum / steps) * (z1 - z0) * bankAh * 3600;
    };
    for (let i = 0; i < 6 * 720; i += 1) {
      const powerW = 6000 * Math.sin(i / 300) + 1500;
      const amps = currentForPowerA(state, parameters, powerW);
      const hysteresisV = 16 * state.hysteresis * 0.022;
      const socBefore = state.soc;
      stepBattery(state, parameters, amps, 25, 5);
      terminalJ += state.voltageV * amps * 5;
      lossJ += (state.heatW + amps * amps * parameters.cablesOhm + hysteresisV * amps) * 5;
      // Charge that was lost on the way in, or by itself, is energy lost at the rest voltage.
      lossJ += openCircuitV(socBefore) * (amps * 5 - (state.soc - socBefore) * bankAh * 3600);
    }
    const storedJ = chargeJ(before.soc, state.soc);
    expect(Math.abs(terminalJ - storedJ - lossJ)).toBeLessThan(0.005 * Math.abs(terminalJ));
    expect(lossJ).toBeGreaterThan(0);
  });

  it('comes back to 92–98 % after a round trip at C/5', () => {
    const state = { ...restingBattery(0.3, 25), hysteresis: -1 };
    const powerW = 9200;
    let inJ = 0;
    while (state.soc < 0.8) {
      stepBattery(state, parameters, currentForPowerA(state, parameters, powerW), 25, 5);
      inJ += powerW * 5;
    }
    let outJ = 0;
    while (state.soc > 0.3) {
      stepBattery(state, parameters, currentForPowerA(state, parameters, -powerW), 25, 5);
      outJ += powerW * 5;
    }
    expect(outJ / inJ).toBeGreaterThan(0.92);
    expect(outJ / inJ).toBeLessThan(0.98);
  });

  it('gives the power that was asked for', () => {
    const state = restingBattery(0.5, 20);
    for (const powerW of [-9000, -500, 0, 500, 9000]) {
      const amps = currentForPowerA(state, parameters, powerW);
      stepBattery(state, parameters, amps, 20, 5);
      expect(state.voltageV * amps).toBeCloseTo(powerW, 6);
    }
  });
});

describe('limits', () => {
  it.each([
    [-5, 0],
    [0, 0],
    [5, 225],
    [10, 450],
    [25, 450],
  ])('at %d °C it takes %d A', (temperatureC, amps) => {
    expect(chargeLimitA(restingBattery(0.5, temperatureC), parameters)).toBeCloseTo(amps, 9);
  });

  it('gives 1 C down to −20 °C', () => {
    expect(dischargeLimitA(restingBattery(0.5, -20), parameters)).toBe(900);
    expect(dischargeLimitA(restingBattery(0.5, -21), parameters)).toBe(0);
  });
});

it('rests on the branch it came from: hysteresis is 28–50 % of the state of charge on the plateau', () => {
  const up = restingBattery(0.4, 25);
  run(up, 3600, 4000);
  const down = restingBattery(0.6, 25);
  run(down, 3600, -4000);
  for (const state of [up, down]) run(state, 6 * 3600, 0);
  const gapV = up.voltageV - openCircuitV(up.soc) - (down.voltageV - openCircuitV(down.soc));
  expect(gapV).toBeGreaterThan(0.54);
  expect(gapV).toBeLessThan(0.96);
});
