import { describe, expect, it } from 'vitest';
import { isRamping, loadOff, rampSeconds, stepLoad, switchLoad } from './miner';

const miner = { stream: 900, ratedW: 3250, ramps: true };

describe('miner', () => {
  it('ramps 30–120 s to full draw, differently each time', () => {
    const state = loadOff();
    const ramps = new Set<number>();
    for (let start = 0; start < 50; start += 1) {
      switchLoad(state, true);
      const planned = rampSeconds(state, miner, 1);
      let seconds = 0;
      do {
        stepLoad(state, miner, true, 1, 1);
        seconds += 1;
      } while (state.powerW < 0.98 * miner.ratedW);
      expect(seconds).toBeGreaterThanOrEqual(29);
      expect(seconds).toBeLessThanOrEqual(121);
      expect(Math.abs(seconds - planned)).toBeLessThan(0.06 * planned + 2);
      ramps.add(seconds);
      switchLoad(state, false);
      stepLoad(state, miner, true, 1, 1);
      expect(state.powerW).toBe(0);
    }
    expect(ramps.size).toBeGreaterThan(20);
  });

  it('counts as ramping until nine tenths', () => {
    const state = loadOff();
    switchLoad(state, true);
    expect(isRamping(state, miner)).toBe(true);
    for (let s = 0; s < 130; s += 5) stepLoad(state, miner, true, 1, 5);
    expect(isRamping(state, miner)).toBe(false);
    expect(Math.abs(state.powerW - miner.ratedW)).toBeLessThan(0.03 * miner.ratedW);
  });

  it('starts over after a power cut, and not because it is told twice', () => {
    const state = loadOff();
    switchLoad(state, true);
    for (let s = 0; s < 130; s += 5) stepLoad(state, miner, true, 1, 5);
    switchLoad(state, true);
    expect(state.starts).toBe(1);
    expect(isRamping(state, miner)).toBe(false);
    stepLoad(state, miner, false, 1, 5);
    expect(state.powerW).toBe(0);
    stepLoad(state, miner, true, 1, 5);
    expect(isRamping(state, miner)).toBe(true);
  });
});
