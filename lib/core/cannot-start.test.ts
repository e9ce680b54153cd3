import { expect, it } from 'vitest';
import { cannotStart } from './cannot-start';
import { decide } from './decide';
import { firstSeconds } from './flip-check.case';
import { type Changed, repeated } from './flip-simulation';
import { initialMemory } from './memory';
import { randomConfig, randomLoads, randomOf, randomReadings, snapshotAt } from './random-site.case';
import { T0 } from './scenario.case';
import { step } from './session';
import type { DecideInput, Memory } from './types';

const SEEDS = 60;
const ZONE = 'heat-room';

/** A site that was looked after for up to ten minutes, with its loads on and off as chance has it. */
function situation(seed: number): DecideInput {
  const random = randomOf(seed);
  const config = randomConfig(random);
  let memory: Memory = initialMemory(T0);
  const readings = randomReadings(random);
  const loads = randomLoads(random, T0);
  let now = T0;
  for (let i = random.int(0, 60); i > 0; i--, now += 10_000) {
    memory = decide({ snapshot: snapshotAt(now, readings, loads), config, memory }).memory;
  }
  return { snapshot: snapshotAt(now, readings, loads), config, memory };
}

it('says of no load that it cannot start which then starts, tick by tick, within two hours', () => {
  let refused = 0;
  let started = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const input = situation(seed);
    const random = randomOf(seed + 1_000_000);
    const changed: Changed = {
      packVoltageV: random.int(4600, 5800) / 100,
      pvW: random.int(0, 25_000),
      loadW: random.int(0, 9000),
      zoneTemperatureC: random.int(-100, 500) / 10,
    };
    const tick = step({ ...input, snapshot: repeated(input.snapshot, changed, ZONE, 0) });
    for (const load of tick.loads) {
      if (load.on || load.unknown || load.plan.zone?.id !== ZONE) continue;
      const refuses = cannotStart(tick, load);
      const first = firstSeconds(input, load.id, changed, { target: 'START', limit: refuses ? 7200 : 900 });
      if (refuses) {
        refused++;
        expect(first, `seed ${seed} ${load.id} ${JSON.stringify(changed)}`).toBeNull();
      } else if (first !== null) started++;
    }
  }
  expect(refused).toBeGreaterThan(50);
  expect(started).toBeGreaterThan(10);
}, 120_000);
