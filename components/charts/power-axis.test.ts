import { describe, expect, it } from 'vitest';
import { powerTicks } from './power-axis';

const at = (pvW: number | null, batteryPowerW: number | null = null) => ({
  pvW,
  loadW: null,
  batteryPowerW,
  gridW: null,
});

describe('powerTicks', () => {
  it('holds every power between whole kilowatts, zero among them', () => {
    expect(powerTicks([at(8530, -3900), at(200, 4100)])).toEqual([-5000, 0, 5000, 10_000]);
    expect(powerTicks([at(3200), at(null)])).toEqual([0, 1000, 2000, 3000, 4000]);
    expect(powerTicks([at(9000, -4500)])).toEqual([-5000, 0, 5000, 10_000]);
  });

  it('has a scale where nothing flows or nothing is known', () => {
    expect(powerTicks([])).toEqual([0, 1000]);
    expect(powerTicks([at(0, null)])).toEqual([0, 1000]);
  });
});
