import { openCircuitV } from '@/lib/drivers/site-physics/battery';

const STEPS = 2000;
/** ∫ rest voltage of 16 cells over the state of charge, V, at `STEPS` even steps. */
const integralV: readonly number[] = (() => {
  const sums = [0];
  for (let i = 0; i < STEPS; i += 1) sums.push((sums[i] ?? 0) + openCircuitV((i + 0.5) / STEPS) / STEPS);
  return sums;
})();

/** Energy in a bank at rest, kWh, from its state of charge, 0–1. */
export function storedKwh(soc: number, capacityAh: number): number {
  const at = Math.min(1, Math.max(0, soc)) * STEPS;
  const low = Math.floor(at);
  const below = integralV[low] ?? 0;
  const above = integralV[Math.min(STEPS, low + 1)] ?? below;
  return ((below + (above - below) * (at - low)) * capacityAh) / 1000;
}
