import { alertsOf } from './alerts';
import { isProbing } from './budget';
import { chargePermissionOf } from './charge-block';
import { socPctOfVoltage } from './curve';
import { activeSource } from './hvac-controller';
import { step } from './session';
import type { LoadView, Tick, ZoneView } from './tick';
import type {
  BatteryAssessment,
  Budget,
  DecideInput,
  DecideResult,
  Decision,
  HeatingSource,
  ZoneAssessment,
} from './types';
import { WMS_PER_WH } from './units';

/** Voltage-SoC and reported SoC further apart than this: show both. */
const SOC_DISAGREES_PCT = 20;

/**
 * One decision for every load from what is measured, configured and remembered (control.md). Pure: the input is
 * left as it is, the same input gives the same output bit for bit, and a tick repeated with its own memory
 * (Δnow = 0) changes nothing. A START stays START until it is observed (or ten minutes have passed): the same
 * start, not another one. Throws RangeError on a memory of another schema version.
 */
export function decide(input: DecideInput): DecideResult {
  return resultOf(step(input));
}

/** A finished tick as others see it. */
export function resultOf(tick: Tick): DecideResult {
  return {
    battery: batteryOf(tick),
    budget: budgetOf(tick),
    decisions: tick.loads.map((load) => decisionOf(tick, load)),
    chargePermission: chargePermissionOf(tick),
    zones: tick.zones.map((zone) => zoneOf(zone)),
    memory: tick.memory,
    summary: { sentence: summaryOf(tick), alerts: alertsOf(tick), badReadings: tick.badReadings },
  };
}

export function batteryOf(tick: Tick): BatteryAssessment {
  const rawV = tick.rawV ?? tick.memory.goodVoltageV;
  const shownV = tick.controlV ?? rawV;
  const voltageSocPct = shownV === null ? null : socPctOfVoltage(tick.plan.curve, shownV);
  const { socPct } = tick;
  return {
    rawV,
    rawAgeMs: rawV === null ? null : tick.voltageAgeMs,
    controlV: tick.controlV,
    band: tick.band,
    latched: tick.latched,
    voltageSocPct,
    reportedSocPct: socPct,
    socDisagrees:
      voltageSocPct !== null && socPct !== null && Math.abs(voltageSocPct - socPct) > SOC_DISAGREES_PCT,
    throttled: tick.throttledToStart,
    stale: tick.rawV === null,
  };
}

function budgetOf(tick: Tick): Budget {
  const { poolCapWms } = tick;
  const { inverterLimitW } = tick.plan;
  let carriedW = tick.houseW ?? 0;
  for (const load of tick.loads) if (load.on || load.unknown || load.pending) carriedW += load.drawW;
  return {
    pvW: tick.pvW,
    houseW: tick.houseW,
    surplusW: tick.surplusW,
    reservedW: tick.reservedW,
    poolW: tick.poolW,
    poolEnergyLeftWh: poolCapWms === null ? null : poolLeftWms(tick, poolCapWms) / WMS_PER_WH,
    importing: tick.importing,
    inverterHeadroomW: inverterLimitW === null || tick.houseW === null ? null : inverterLimitW - carriedW,
  };
}

function poolLeftWms({ memory, nightFirst }: Tick, capWms: number): number {
  return nightFirst ? 0 : Math.max(0, capWms - memory.takenWms);
}

export function decisionOf(tick: Tick, load: LoadView): Decision {
  const starting = load.verdict === 'START' || (load.verdict === 'OVERRIDDEN' && load.binding === null);
  return {
    loadId: load.id,
    kind: load.plan.kind,
    name: load.plan.name,
    verdict: load.verdict,
    binding: load.binding,
    desired: load.desired,
    fanSpeed: load.fanSpeed,
    bookedW: load.bookedW,
    probe: load.on ? isProbing(tick, load) : starting && load.asProbe,
    dueAt: load.dueMs === null ? null : tick.now + Math.ceil(load.dueMs),
  };
}

function zoneOf(zone: ZoneView): ZoneAssessment {
  const { zone: profile } = zone.plan;
  return {
    zoneId: profile.id,
    zoneName: profile.zoneName,
    temperatureC: zone.temperatureC,
    ageMs: zone.temperatureAgeMs,
    wantsHeat: zone.wantsHeat,
    heatingBy: heatingBy(zone),
    wantsCooling: zone.memory.cooling,
    chargingBlocked: zone.blocked,
    sentence: zoneSentence(zone),
  };
}

function heatingBy(zone: ZoneView): HeatingSource {
  if (!zone.wantsHeat) return 'none';
  const source = activeSource(zone);
  return source === null || source.kind === 'fan' ? 'none' : source.kind;
}

function zoneSentence(zone: ZoneView): string {
  const name = zone.plan.zone.zoneName;
  const blocked = zone.blocked ? '; charging is blocked' : '';
  if (zone.wantsHeat) {
    const by = heatingBy(zone);
    const source = by === 'none' ? 'but nothing can give it' : `from its ${by}`;
    return `${name} asks for heat ${source}${zone.sunAllows ? '' : ', waiting for sun'}${blocked}`;
  }
  if (zone.memory.cooling) {
    return zone.temperatureC === null
      ? `${name} is cooled because its temperature is not known${blocked}`
      : `${name} is too warm and is being cooled${blocked}`;
  }
  if (zone.temperatureC === null) return `${name}: temperature not known${blocked}`;
  return `${name} needs neither heat nor cooling${blocked}`;
}

function summaryOf(tick: Tick): string {
  let running = 0;
  for (const load of tick.loads) {
    if (load.plan.kind === 'fan') continue;
    const { name } = load.plan;
    const stops = load.desired === 'off';
    if (load.verdict === 'START') return load.acts ? `Starting ${name}` : `Would start ${name}`;
    if (load.verdict === 'EMERGENCY_STOP')
      return stops ? `Emergency stop of ${name}` : `Would stop ${name} at once`;
    if (load.verdict === 'STOP') return stops ? `Stopping ${name}` : `Would stop ${name}`;
    if (load.on) running++;
  }
  if (tick.rawV === null) return 'Battery voltage is missing: nothing starts';
  const loads = running === 1 ? '1 load is' : `${running} loads are`;
  return `Battery ${tick.band.toLowerCase()}: ${running === 0 ? 'nothing is' : loads} running`;
}
