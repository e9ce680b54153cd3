import { assessBattery, assessPool, assessThrottling } from './battery-optimizer';
import { beginTick } from './begin-tick';
import { assessSurplus, minersDrawW } from './budget';
import { assessChargeBlock } from './charge-block';
import { coordinateHeaters } from './heating';
import { coordinateFans, followSources, requestHeat } from './hvac-controller';
import { coordinateMiners } from './miner-coordinator';
import { assessImport, observe } from './observer';
import { countSamples, readInputs, surplusLost } from './sanitise';
import { openServing } from './serving';
import type { Tick } from './tick';
import type { DecideInput } from './types';

/**
 * One tick, controller after controller: what is measured, what is observed, charge block, battery, budget,
 * cooling, heating, miners. `traceId` collects the gates of one load; `advanceMs` as in `beginTick`.
 */
export function step(
  input: DecideInput,
  traceId: string | null = null,
  advanceMs: number | null = null,
): Tick {
  const tick = beginTick(input, traceId, advanceMs);
  readInputs(tick);
  for (const load of tick.loads) observe(tick, load);
  for (const load of tick.miners) {
    const limitV = load.plan.miner?.emergencyStopVoltage;
    if (limitV === undefined) continue;
    load.memory.emergencySamples = countSamples(tick, load.memory.emergencySamples, limitV);
  }
  assessImport(tick);
  assessChargeBlock(tick);
  assessBattery(tick);
  assessThrottling(tick);
  assessSurplus(tick);
  assessPool(tick, minersDrawW(tick));
  coordinateFans(tick);
  requestHeat(tick);
  const serving = openServing(tick, surplusLost(tick));
  coordinateHeaters(tick, serving);
  coordinateMiners(tick, serving);
  followSources(tick);
  return tick;
}
