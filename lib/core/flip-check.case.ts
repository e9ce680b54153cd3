import { type Changed, Repeated } from './flip-simulation';
import { planOf } from './plan';
import { Session } from './session';
import type { DecideInput, Flip, FlipQuantity, Verdict } from './types';

/** Holds a numeric flip against control.md §9 tick by tick, with none of the search's own shortcuts. */

export type NumericFlip = Extract<Flip, { kind: 'change' }>;

const STEP: Record<FlipQuantity, number> = { packVoltageV: 0.01, pvW: 10, loadW: 10, zoneTemperatureC: 0.1 };

const REACHED: Record<NumericFlip['target'], readonly Verdict[]> = {
  START: ['START'],
  STOP: ['STOP', 'EMERGENCY_STOP'],
  EMERGENCY_STOP: ['STOP', 'EMERGENCY_STOP'],
};

/** What is wrong with a flip: not plausible, not true, not at its time, or not the smallest; null where nothing is. */
export function faultOfFlip(input: DecideInput, loadId: string, flip: NumericFlip): string | null {
  for (const { quantity, to } of flip.changes) {
    const [low, high] = plausible(input, quantity);
    if (to < low || to > high) return `${quantity} ${to} is not plausible`;
  }
  const first = secondsUntil(input, loadId, flip, flip.holdSeconds, null);
  if (first !== flip.holdSeconds) return `comes at ${first} s`;
  for (const { quantity } of flip.changes) {
    if (secondsUntil(input, loadId, flip, flip.holdSeconds, quantity) === flip.holdSeconds) {
      return `works with one step less of ${quantity}`;
    }
  }
  return null;
}

/** Seconds until the flip's target comes, within `limit`; null if it does not. `shrink`: one step less of that. */
function secondsUntil(
  input: DecideInput,
  loadId: string,
  flip: NumericFlip,
  limit: number,
  shrink: FlipQuantity | null,
): number | null {
  const changed: Changed = {};
  for (const { quantity, from, to } of flip.changes) {
    const less = quantity === shrink ? Math.sign(to - from) * STEP[quantity] : 0;
    changed[quantity] = Math.round((to - less) * 1000) / 1000;
  }
  return firstSeconds(input, loadId, changed, { target: flip.target, limit });
}

/** The first tick at which the target comes, by repeating the changed snapshot tick by tick; null if not up to `limit` s. */
export function firstSeconds(
  input: DecideInput,
  loadId: string,
  changed: Changed,
  { target, limit }: { readonly target: NumericFlip['target']; readonly limit: number },
): number | null {
  const { heaters, miners, fans } = planOf(input.config);
  const plan = [...heaters, ...miners, ...fans].find(({ id }) => id === loadId);
  if (plan === undefined) throw new RangeError(`no load ${loadId} in the configuration`);
  const session = new Session(input.config, input.memory);
  const world = new Repeated(input.snapshot);
  for (let s = 0; s <= limit; s += input.snapshot.tickSeconds) {
    world.show(changed, plan.zone?.id ?? null, s * 1000);
    const tick = session.advance(world.snapshot);
    const verdict = tick.loads[plan.index]?.verdict;
    if (verdict !== undefined && REACHED[target].includes(verdict)) return s;
  }
  return null;
}

/** What a reading may be before it counts as missing (control.md §7). */
function plausible({ config: { preferences } }: DecideInput, quantity: FlipQuantity): [number, number] {
  const { batteryAbsoluteMin, batteryAbsoluteMax, pvArrayWatts, inverterMaxWatts } = preferences;
  switch (quantity) {
    case 'packVoltageV':
      return [batteryAbsoluteMin - 3, batteryAbsoluteMax + 3];
    case 'pvW':
      return [0, 2 * (pvArrayWatts ?? 25_000)];
    case 'loadW':
      return [0, 2 * (inverterMaxWatts ?? 25_000)];
    case 'zoneTemperatureC':
      return [-60, 120];
  }
}
