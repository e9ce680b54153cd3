import type { Energies, EnergyPeriod } from './energy';
import type { Gains } from './queries';

const kwh = (wattHours: number | null) => (wattHours === null ? null : Math.round(wattHours) / 1000);
const share = (value: number) => Math.round(value * 1000) / 1000;

/** Every figure is against this, and says so. */
export const BASELINE = 'the same site without its miners: same sun, house and heaters, every miner off';

function serialiseEnergies(energies: Energies) {
  return {
    pv_kwh: kwh(energies.pvWh),
    load_kwh: kwh(energies.loadWh),
    mined_kwh: kwh(energies.minedWh),
    battery_in_kwh: kwh(energies.batteryInWh),
    battery_out_kwh: kwh(energies.batteryOutWh),
    import_kwh: kwh(energies.importWh),
    export_kwh: kwh(energies.exportWh),
    held_back_estimate_kwh: kwh(energies.heldBackWh),
  };
}

function serialisePeriod(period: EnergyPeriod) {
  return {
    first: period.first,
    last: period.last,
    coverage: share(period.coverage),
    self_consumption: period.selfConsumption === null ? null : share(period.selfConsumption),
    ...serialiseEnergies(period),
  };
}

export function serialiseGains(gains: Gains) {
  const { lostSun } = gains;
  return {
    first: gains.first,
    last: gains.last,
    by: gains.by,
    basis: gains.basis,
    simulated_left_out: gains.simulatedLeftOut,
    coverage: share(gains.coverage),
    baseline: BASELINE,
    lost_sun: lostSun && {
      mined_kwh: kwh(lostSun.minedWh),
      credited_kwh: kwh(lostSun.creditedWh),
      against_import_kwh: kwh(lostSun.importedWh),
      pending_kwh: kwh(lostSun.pendingWh),
      unproven_kwh: kwh(lostSun.unprovenWh),
      cycles: lostSun.cycles,
      import_known: lostSun.importKnown,
    },
    import_seconds: gains.importSeconds === null ? null : Math.round(gains.importSeconds),
    total: serialiseEnergies(gains.total),
    periods: gains.periods.map(serialisePeriod),
    loads: gains.loads.map((load) => ({
      load_id: load.loadId,
      name: load.name,
      kind: load.kind,
      on_seconds: Math.round(load.onSeconds),
      unknown_seconds: Math.round(load.unknownSeconds),
      energy_kwh: kwh(load.energyWh),
      rated_kwh: kwh(load.ratedWh),
      starts: load.starts,
      stops: load.stops,
    })),
  };
}

export type WireGains = ReturnType<typeof serialiseGains>;
