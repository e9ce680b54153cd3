interface Powers {
  readonly pvW: number | null;
  readonly loadW: number | null;
  readonly batteryPowerW: number | null;
  readonly gridW: number | null;
}

/** Whole kilowatts, so that a tick says exactly where it stands. */
const STEPS_W = [1000, 2000, 5000, 10_000, 20_000, 50_000];
const MOST_STEPS = 6;

/** Ticks at equal whole steps, W, zero among them, that hold every power shown. */
export function powerTicks(points: readonly Powers[]): number[] {
  let lowest = 0;
  let highest = 0;
  for (const { pvW, loadW, batteryPowerW, gridW } of points) {
    for (const watts of [pvW, loadW, batteryPowerW, gridW]) {
      if (watts === null) continue;
      if (watts < lowest) lowest = watts;
      if (watts > highest) highest = watts;
    }
  }
  const count = (step: number) => Math.ceil(highest / step) - Math.floor(lowest / step);
  const step = STEPS_W.find((watts) => count(watts) <= MOST_STEPS) ?? 100_000;
  const first = Math.floor(lowest / step);
  return Array.from({ length: Math.max(1, count(step)) + 1 }, (_, i) => (first + i) * step);
}
