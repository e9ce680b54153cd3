import { historyOf } from '@/lib/core/replay/history';
import type { ReplayHistory } from '@/lib/core/replay/types';
import {
  type ConfigChanges,
  HEAT_ROOM_HEATER,
  observation,
  PRIMARY,
  S19,
  seedMiner,
  seedZone,
  siteConfig,
  siteSnapshot,
  T0,
} from '@/lib/core/scenario.case';
import type { DecideResult, KernelConfig, Snapshot } from '@/lib/core/types';

/** The seeded site: two miners, two heaters, two fans. */
export const DEFAULT_SITE = siteConfig();

/** Settings that an owner would try on it. */
export const TRIED_SITE = siteConfig({
  miners: [seedMiner(0, { startVoltage: 52.5, stopVoltage: 51 }), seedMiner(1)],
});

const DAY_S = 86_400;

/** Days at the seeded site whose readings all move at every tick; PRIMARY runs from nine to five. */
export function days(count: number, tickSeconds: number): Snapshot[] {
  return Array.from({ length: (count * DAY_S) / tickSeconds }, (_, i) => {
    const now = T0 + i * tickSeconds * 1000;
    const hour = ((i * tickSeconds) / 3600) % 24;
    const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI));
    const on = hour > 9 && hour < 17;
    const drawW = 3870 + (i % 10);
    const pv = Math.round(11_000 * sun + ((i * 37) % 100));
    const load = 900 + (i % 50) + (on ? drawW : 0);
    const batteryW = pv - load;
    const readings = {
      v: Math.round(1000 * (51.5 + 3 * sun + ((i * 13) % 7) / 100)) / 1000,
      a: Math.round(batteryW / 0.52) / 100,
      batteryW,
      batteryC: 20 + (i % 5) / 10,
      pv,
      load,
      grid: 0,
      heatRoomC: 21 + (i % 3) / 10,
      mainRoomC: 19 + (i % 4) / 10,
      minute: 0,
    };
    const meter = { value: on ? drawW : 0, sampleAt: now, ageMs: 0 };
    const loads = {
      [PRIMARY]: { state: on ? 'on' : 'off', powerW: meter },
      [S19]: { state: 'off', powerW: { value: 0, sampleAt: now, ageMs: 0 } },
      [HEAT_ROOM_HEATER]: 'off',
    } as const;
    return { ...siteSnapshot(now, readings, loads), tickSeconds };
  });
}

export const monthOfMinutes = (months = 1): ReplayHistory => historyOf(days(30 * months, 60), T0);

/** Twelve miners, four heaters, four fans, of differing limits. */
export function twentyLoads(): KernelConfig {
  const changes: ConfigChanges = {
    miners: Array.from({ length: 12 }, (_, i) => ({
      ...seedMiner(i % 2 === 0 ? 0 : 1),
      id: `m${i}`,
      name: `Miner ${i}`,
      priorityLevel: 1 + (i % 10),
      powerDrawWatts: 800 + 100 * i,
      startVoltage: 50 + 0.3 * i,
      stopVoltage: 47 + 0.3 * i,
      emergencyStopVoltage: 45 + 0.2 * i,
      zoneId: `z${i % 4}`,
    })),
    zones: Array.from({ length: 4 }, (_, i) => ({
      ...seedZone(i % 2 === 0 ? 0 : 1),
      id: `z${i}`,
      zoneName: `Zone ${i}`,
      heatingMinerId: i === 0 ? 'm0' : null,
    })),
  };
  return siteConfig(changes);
}

/** The next tick of a site of `twentyLoads` whose loads have obeyed. */
export function twentyLoadsTick(config: KernelConfig, i: number, before: DecideResult | null): Snapshot {
  const now = T0 + i * 10_000;
  const sun = Math.max(0, Math.sin(i / 600));
  const isOn = new Set(
    before?.decisions.flatMap(({ loadId, desired }) => (desired === 'on' ? loadId : [])) ?? [],
  );
  let drawW = 0;
  const loads: Record<string, ReturnType<typeof observation>> = {};
  for (const { id, powerDrawWatts } of config.miners) {
    const on = isOn.has(`miner:${id}`);
    const value = on ? powerDrawWatts : 0;
    drawW += value;
    loads[`miner:${id}`] = observation(now, 'miner', {
      state: on ? 'on' : 'off',
      powerW: { value, sampleAt: now, ageMs: 0 },
    });
  }
  for (const { id } of config.zones) {
    for (const kind of ['heater', 'fan'] as const) {
      loads[`${kind}:${id}`] = observation(now, kind, isOn.has(`${kind}:${id}`) ? 'on' : 'off');
    }
  }
  const pv = Math.round(12_000 * sun);
  const readings = {
    v: Math.round(100 * (49 + 5 * sun)) / 100 + (i % 7) / 100,
    a: (i % 50) - 25,
    batteryW: pv - 900 - drawW,
    pv,
    load: 900 + drawW,
    grid: 0,
  };
  const zones = Object.fromEntries(
    config.zones.map(({ id }, k) => [
      id,
      { temperatureC: { value: -3 + 14 * k + (i % 30) / 10, sampleAt: now, ageMs: 0 } },
    ]),
  );
  return { ...siteSnapshot(now, readings), loads, zones };
}
