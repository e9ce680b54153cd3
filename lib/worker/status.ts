import type { DecideResult, Explanation, Snapshot } from '@/lib/core/types';
import type { StatusLoad, StatusReading, StatusReadings, StatusSource, StatusTick } from '@/lib/status/types';
import { roundTo } from '@/lib/telemetry/rounding';
import type { SiteConfig } from './config';
import type { OpenedDevice } from './devices';
import { loadLinks } from './links';
import { ageOf, type Kept, type Poller } from './poll';
import { batteryTemperature, isSimulated, type Moment, type Source, type Sources } from './snapshot';

interface StatusInput extends Moment {
  readonly config: SiteConfig;
  readonly snapshot: Snapshot;
  readonly result: DecideResult;
  readonly explanations: readonly Explanation[];
  readonly sources: Sources;
  readonly devices: readonly OpenedDevice[];
  readonly poller: Pick<Poller, 'readings'>;
  readonly kernelVersion: string;
  readonly simulated: boolean;
  readonly startsHeld: StatusTick['startsHeld'];
  readonly tickMs: number;
}

/** The newest tick as pages and API show it. */
export function buildStatus(input: StatusInput): StatusTick {
  const { config, snapshot, result } = input;
  const { voltageSocPct } = result.battery;
  return {
    at: snapshot.now,
    tickSeconds: snapshot.tickSeconds,
    localDate: snapshot.localDate,
    localMinute: snapshot.localMinute,
    timeZone: config.timeZone,
    controlMode: config.kernel.controlMode,
    configVersion: config.version,
    kernelVersion: input.kernelVersion,
    simulated: input.simulated,
    startsHeld: input.startsHeld,
    readings: readingsOf(input),
    battery: {
      ...result.battery,
      // The kernel goes on knowing its last good voltage; a charge told from it would look like now.
      voltageSocPct:
        voltageSocPct === null || snapshot.battery.packVoltageV === null
          ? null
          : roundTo('percent', voltageSocPct),
    },
    budget: result.budget,
    chargePermission: result.chargePermission,
    loads: loadsOf(input),
    zones: result.zones,
    sources: input.devices.map((opened) => sourceOf(opened, input)),
    badReadings: result.summary.badReadings,
    summary: result.summary.sentence,
    tickMs: input.tickMs,
  };
}

/** The last value of each reading, however old: its age says what it is worth. */
function readingsOf(input: StatusInput): StatusReadings {
  const { sources, snapshot } = input;
  const { battery, pv, load, grid, temperature } = sources;
  const from = (
    source: Source | null,
    role: keyof Sources,
    kept: Kept | null | undefined,
  ): StatusReading => ({
    value: kept?.value ?? null,
    ageMs: kept ? ageOf(kept, input.now, input.monotonicMs) : null,
    source: source?.settings.key ?? null,
    simulated: isSimulated(source, role),
  });
  const ownTemperature = battery?.readings?.batteryTemperatureC ?? null;
  return {
    packVoltageV: from(battery, 'battery', battery?.readings?.packVoltageV),
    currentA: from(battery, 'battery', battery?.readings?.currentA),
    batteryPowerW: from(battery, 'battery', battery?.readings?.batteryPowerW),
    batteryTemperatureC: from(
      ownTemperature ? battery : temperature,
      ownTemperature ? 'battery' : 'temperature',
      batteryTemperature(sources),
    ),
    reportedSocPct: from(battery, 'battery', battery?.readings?.reportedSocPct),
    pvW: from(pv, 'pv', pv?.readings?.pvW),
    loadW: from(load, 'load', load?.readings?.loadW),
    gridW: from(grid, 'grid', grid?.readings?.gridW),
    chargeStage: snapshot.battery.chargeStage,
    sunny: snapshot.sky.sunny,
    clearSkyW: snapshot.sky.clearSkyW,
  };
}

function loadsOf({ config, snapshot, result, explanations, devices }: StatusInput): StatusLoad[] {
  const links = new Map(loadLinks(config).map((link) => [link.loadId, link]));
  const explained = new Map(explanations.map((explanation) => [explanation.loadId, explanation]));
  const loads: StatusLoad[] = [];
  for (const decision of result.decisions) {
    const explanation = explained.get(decision.loadId);
    if (!explanation) continue;
    const link = links.get(decision.loadId);
    const observed = snapshot.loads[decision.loadId];
    const opened = devices.find(({ settings }) => settings.key === link?.deviceKey);
    loads.push({
      loadId: decision.loadId,
      kind: decision.kind,
      name: decision.name,
      // A key that names no device any more is as good as none.
      deviceKey: opened ? opened.settings.key : null,
      controlEnabled: opened?.settings.controlEnabled ?? false,
      simulated: opened?.device?.simulated ?? opened?.settings.driver === 'simulated',
      observed: observed?.state ?? 'unknown',
      observedSinceMs: observed?.sinceMs ?? null,
      powerW: observed?.powerW?.value ?? null,
      powerAgeMs: observed?.powerW?.ageMs ?? null,
      ratedW: link?.ratedW ?? null,
      fanSpeed: observed?.fanSpeed ?? null,
      verdict: decision.verdict,
      dueAt: decision.dueAt,
      explanation,
    });
  }
  return loads;
}

function sourceOf({ settings, device, error }: OpenedDevice, { poller }: StatusInput): StatusSource {
  const readings = poller.readings(settings.key);
  return {
    key: settings.key,
    name: settings.name,
    driver: settings.driver,
    simulated: device?.simulated ?? settings.driver === 'simulated',
    roles: settings.roles,
    lastSeenAt: readings?.lastSeenAt ?? null,
    error: error ?? readings?.error ?? null,
  };
}
