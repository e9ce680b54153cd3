import type { Since } from './queries';

export function serialiseSince(since: Since) {
  return {
    from: new Date(since.from).toISOString(),
    mined_wh: since.minedWh,
    is_estimate: since.isEstimate,
    switches: since.switches,
    lowest_voltage_v: since.lowestVoltageV,
    alerts: since.alerts,
    simulated: since.simulated,
  };
}
export type WireSince = ReturnType<typeof serialiseSince>;
