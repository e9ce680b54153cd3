import { statusAt } from '@/lib/status/current';
import { serialiseStatus, type WireStatus } from '@/lib/status/serialise';
import type { StatusLoad, StatusReading, StatusTick } from '@/lib/status/types';

/** A site as the cockpit meets it, for tests: spelled by the same code that spells the API's answers. */

/** Mon 23 November 2026, 12:03:10 in Los Angeles. */
export const NOON = Date.parse('2026-11-23T20:03:10Z');
export const HEAT_ROOM = '11111111-1111-4111-8111-111111111111';

export function reading(value: number | null, ageMs = 2_000, source = 'sim_inverter'): StatusReading {
  return value === null
    ? { value, ageMs: null, source: null, simulated: false }
    : { value, ageMs, source, simulated: source.startsWith('sim_') };
}

export function minerLoad(changes: Partial<StatusLoad> = {}): StatusLoad {
  const loadId = changes.loadId ?? 'miner:22222222-2222-4222-8222-222222222222';
  return {
    loadId,
    kind: 'miner',
    name: 'Dump Load S19 #1',
    deviceKey: 'shelly_s19_1',
    controlEnabled: true,
    simulated: true,
    observed: 'off',
    observedSinceMs: NOON - 3_600_000,
    powerW: null,
    powerAgeMs: null,
    ratedW: 3250,
    fanSpeed: null,
    verdict: 'WAIT',
    dueAt: null,
    explanation: {
      loadId,
      verdict: changes.verdict ?? 'WAIT',
      binding: 'start-voltage',
      sentence: 'Dump Load S19 waits: the voltage is below its start voltage',
      gates: [
        {
          name: 'voltage-fresh',
          pass: true,
          applies: true,
          value: 2,
          limit: 30,
          unit: 's',
          ageMs: 2_000,
          text: '2 s ≤ 30 s',
        },
        {
          name: 'start-voltage',
          pass: false,
          applies: true,
          value: 52.3,
          limit: 54.5,
          unit: 'V',
          ageMs: 2_000,
          text: '52.3 V < 54.5 V',
        },
        {
          name: 'sun',
          pass: true,
          applies: false,
          value: 'unknown',
          limit: 'yes',
          unit: '',
          ageMs: null,
          text: 'weather unknown',
        },
      ],
      flip: {
        kind: 'change',
        target: 'START',
        changes: [{ quantity: 'packVoltageV', from: 52.3, to: 54.5, delta: 2.2 }],
        holdSeconds: 300,
        text: 'needs +2.2 V, held 5 min',
      },
    },
    ...changes,
  };
}

export function tickAt(at: number, changes: Partial<StatusTick> = {}): StatusTick {
  return {
    at,
    tickSeconds: 10,
    localDate: '2026-11-23',
    localMinute: 723,
    timeZone: 'America/Los_Angeles',
    controlMode: 'automatic',
    configVersion: 1,
    kernelVersion: '1',
    simulated: true,
    startsHeld: null,
    readings: {
      packVoltageV: reading(52.31),
      currentA: reading(61.4),
      batteryPowerW: reading(3212),
      batteryTemperatureC: reading(18.2),
      reportedSocPct: reading(64.5),
      pvW: reading(8450),
      loadW: reading(5228),
      gridW: reading(0),
      chargeStage: 'bulk',
      sunny: 'yes',
      clearSkyW: 9100,
    },
    battery: {
      rawV: 52.31,
      rawAgeMs: 2_000,
      controlV: 52.31,
      band: 'OPTIMAL',
      latched: false,
      voltageSocPct: 62.4,
      reportedSocPct: 64.5,
      socDisagrees: false,
      throttled: false,
      stale: false,
    },
    budget: {
      pvW: 8450,
      houseW: 1350,
      surplusW: 7100,
      reservedW: 3878,
      poolW: 5000,
      poolEnergyLeftWh: 6912,
      importing: false,
      inverterHeadroomW: null,
    },
    chargePermission: { permitted: true, reason: null, zoneIds: [], unenforceable: false },
    loads: [minerLoad()],
    zones: [
      {
        zoneId: HEAT_ROOM,
        zoneName: 'Heat Room',
        temperatureC: 21.4,
        ageMs: 2_000,
        wantsHeat: false,
        heatingBy: 'none',
        wantsCooling: false,
        chargingBlocked: false,
        sentence: 'Heat Room is comfortable at 21.4 °C',
      },
    ],
    sources: [
      {
        key: 'sim_inverter',
        name: 'Inverter and battery monitor',
        driver: 'simulated',
        simulated: true,
        roles: ['battery', 'pv', 'load', 'grid'],
        lastSeenAt: at - 2_000,
        error: null,
      },
    ],
    badReadings: [],
    summary: 'One of two miners runs on spare sun',
    tickMs: 4,
    ...changes,
  };
}

/** As served `laterMs` after the tick; the worker's last sign of life is the tick itself. */
export function wireStatus(changes: Partial<StatusTick> = {}, laterMs = 0, freeBytes = 1e9): WireStatus {
  const tick = tickAt(NOON - laterMs, changes);
  return serialiseStatus(
    statusAt(
      {
        tick,
        controlMode: tick.controlMode,
        workerHeartbeatAt: tick.at,
        modeSince: NOON - 86_400_000,
        modeBy: 'first start',
        freeBytes,
      },
      NOON,
    ),
  );
}
