import { believedTemperature } from './believe';
import type { Invariant, Marks } from './invariant';
import type { WatchedLoad, WatchedTick } from './watch';

/** What a room is heated to at most for a bank that is too cold for its chemistry, where its own limit is lower, °C. */
const THAWS_BANK_C = 5;

const COUNT = 'count ';

/** Which load is in an emergency at this tick: CRITICAL or worse, or two readings at its own limit. */
function inEmergency(tick: WatchedTick, load: WatchedLoad, marks: Marks): boolean {
  const { voltageV } = tick.believed;
  const reading = tick.snapshot.battery.packVoltageV;
  // A voltage that stands still proves nothing.
  if (voltageV === null || reading === null || tick.frozen) return false;
  const limitV = load.miner?.emergencyStopVoltage;
  if (limitV !== undefined) {
    const count = marks[COUNT + load.id] ?? 0;
    const isNew = marks[`sample ${load.id}`] !== reading.sampleAt;
    marks[`sample ${load.id}`] = reading.sampleAt;
    marks[COUNT + load.id] = !isNew ? count : voltageV <= limitV ? count + 1 : 0;
  }
  return (marks[COUNT + load.id] ?? 0) >= 2 || voltageV <= tick.config.preferences.voltageCriticalLow;
}

/**
 * The loads in an emergency at this tick. A load that leaves the configuration comes back as a new one: its readings
 * are counted anew, as the kernel does.
 */
function emergencies(tick: WatchedTick, marks: Marks): ReadonlySet<WatchedLoad> {
  for (const name in marks) {
    if (name.startsWith(COUNT) && !tick.loads.some(({ id }) => name === COUNT + id)) delete marks[name];
  }
  return new Set(tick.loads.filter((load) => inEmergency(tick, load, marks)));
}

export const I1: Invariant = {
  name: 'I1',
  sentence:
    'At its emergency voltage (two samples), in CRITICAL or SHUTDOWN, what is on or unknown gets EMERGENCY_STOP and an off, and nothing starts.',
  check(tick, marks) {
    let found: string | null = null;
    for (const load of emergencies(tick, marks)) {
      const { verdict, desired } = load.decision;
      const at = `at ${tick.believed.voltageV} V`;
      if (load.live && verdict !== 'EMERGENCY_STOP')
        found ??= `${load.id} is ${load.state} ${at}: ${verdict}`;
      if (load.live && load.acts && desired !== 'off') found ??= `no off for ${load.id} ${at}`;
      if (load.sendsOn) found ??= `${load.id} is sent on ${at}`;
    }
    return found;
  },
};

export const I2: Invariant = {
  name: 'I2',
  sentence: 'Nothing starts on a voltage that is stale, missing or implausible.',
  check(tick) {
    if (tick.believed.voltageV !== null) return null;
    const started = tick.loads.find((load) => load.starts);
    if (started === undefined) return null;
    const reading = tick.snapshot.battery.packVoltageV;
    return `${started.id} starts on ${reading === null ? 'no voltage' : `${reading.value} V, ${reading.ageMs} ms old`}`;
  },
};

export const I5: Invariant = {
  name: 'I5',
  sentence:
    'Below the charge limit charging is not permitted, and once blocked it stays blocked below limit + 2 °C.',
  check(tick, marks) {
    const { zones, preferences } = tick.config;
    const { batteryC } = tick.believed;
    const judge = (name: string, limit: number | null, known: readonly number[]): string | null => {
      if (limit === null) {
        delete marks[name];
        return null;
      }
      if (known.length === 0) return null;
      const lowest = Math.min(...known);
      const blocked = lowest < limit + (marks[name] === 1 ? 2 : 0);
      marks[name] = blocked ? 1 : 0;
      if (!blocked || !tick.result.chargePermission.permitted) return null;
      return `charging is permitted at ${lowest} °C, limit ${limit} °C (${name})`;
    };
    let found: string | null = null;
    let limited = false;
    for (const zone of zones) {
      const limit = zone.enabled ? zone.blockChargingBelowTemp : null;
      if (limit !== null) limited = true;
      const zoneC = believedTemperature(tick.snapshot.zones[zone.id]?.temperatureC ?? null, tick.config);
      found ??= judge(
        zone.id,
        limit,
        [zoneC, batteryC].filter((t) => t !== null),
      );
    }
    const cold = !limited && /lifepo4|lfp/i.test(preferences.batteryChemistry);
    return found ?? judge('LiFePO4', cold ? 0 : null, batteryC === null ? [] : [batteryC]);
  },
};

export const I6: Invariant = {
  name: 'I6',
  sentence:
    'An override never outlives its end, and defeats neither emergency stop, voltage check nor charge block.',
  check(tick, marks) {
    for (const decision of tick.result.decisions) {
      if (decision.verdict !== 'OVERRIDDEN') continue;
      const inForce = tick.config.overrides.some(
        (o) =>
          o.loadId === decision.loadId && o.startsAt <= tick.snapshot.now && tick.snapshot.now < o.endsAt,
      );
      if (!inForce) return `${decision.loadId} is OVERRIDDEN and no override is in force`;
    }
    let found: string | null = null;
    const inEmergencies = emergencies(tick, marks);
    for (const load of tick.loads) {
      if (load.override?.state !== 'on') continue;
      if (inEmergencies.has(load) && load.decision.desired === 'on')
        found ??= `${load.id} is overridden on in an emergency`;
      if (load.starts && tick.believed.voltageV === null) {
        found ??= `${load.id} is started by override without a voltage`;
      }
    }
    return found;
  },
};

export const I9: Invariant = {
  name: 'I9',
  sentence: 'Advisory and paused send no "on", nor does anything go to a device with control disabled.',
  check(tick) {
    for (const { loadId, desired } of tick.result.decisions) {
      const controllable = tick.snapshot.loads[loadId]?.controllable !== false;
      if (desired === 'on' && (tick.config.controlMode !== 'automatic' || !controllable)) {
        return `${loadId} is sent on in ${tick.config.controlMode}${controllable ? '' : ', control disabled'}`;
      }
    }
    return null;
  },
};

export const I12: Invariant = {
  name: 'I12',
  sentence:
    'An unknown temperature never heats; a heater is never on at cold_ok or above unless the charge block asks for it.',
  check(tick) {
    for (const load of tick.loads) {
      if (load.miner !== null || load.zone === null) continue;
      const { verdict, desired } = load.decision;
      const heats = desired === 'on' || (load.on && verdict === 'KEEP_RUNNING');
      if (!heats) continue;
      const { zone } = load;
      const temperatureC = believedTemperature(
        tick.snapshot.zones[zone.id]?.temperatureC ?? null,
        tick.config,
      );
      if (temperatureC === null) return `${load.id} heats at an unknown temperature`;
      const { permitted, zoneIds } = tick.result.chargePermission;
      if (zoneIds.includes(zone.id) || zone.tempColdOk === null) continue;
      // A block that no zone's limit causes is the chemistry's: whoever heats for it must thaw a bank, and no more.
      const byChemistry = !permitted && zoneIds.length === 0;
      if (temperatureC >= (byChemistry ? Math.max(zone.tempColdOk, THAWS_BANK_C) : zone.tempColdOk)) {
        return `${load.id} heats at ${temperatureC} °C, cold_ok ${zone.tempColdOk} °C`;
      }
    }
    return null;
  },
};
