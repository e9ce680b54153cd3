import type { Recorded } from './recording';
import type { BenchSite } from './site';

const CELLS_V = 51.2;

/** A house in one line. */
export function houseText({
  name,
  capacityAh,
  pvArrayW,
  inverterW,
  config,
  latitudeDeg,
  timeZone,
}: BenchSite): string {
  const { miners, zones } = config;
  const minersW = miners.reduce((sum, { powerDrawWatts }) => sum + powerDrawWatts, 0);
  return [
    `${name}: a bank of ${capacityAh} Ah (${((capacityAh * CELLS_V) / 1000).toFixed(1)} kWh)${zones.length === 0 ? ' indoors' : ''}`,
    `an array of ${kilowatts(pvArrayW)}`,
    `an inverter of ${kilowatts(inverterW)}`,
    `${miners.length} ${miners.length === 1 ? 'miner' : 'miners'} of ${kilowatts(minersW)} in all`,
    `at ${Math.abs(latitudeDeg)}° ${latitudeDeg < 0 ? 'S' : 'N'}, ${timeZone}`,
  ].join(', ');
}

/** What of a recording is played, and how, in a few sentences. */
export function recordingText(recorded: Recorded, site: BenchSite): string {
  const { name, days, playedDays, firstDay, timeZone, pvScale, pvShare, loadShare } = recorded;
  const from = new Date(firstDay).toISOString().slice(0, 10);
  const sun =
    pvShare === 0
      ? `It has no PV: the modelled sky over ${kilowatts(site.pvArrayW)} stands in.`
      : `Its PV × ${pvScale.toPrecision(3)} (the site's array: ${kilowatts(site.pvArrayW)}).`;
  const house = loadShare === 0 ? ' It has no load: the modelled household stands in.' : '';
  const gaps = [
    ...(pvShare > 0 && pvShare < 1 ? [`${percent(1 - pvShare)} of the PV`] : []),
    ...(loadShare > 0 && loadShare < 1 ? [`${percent(1 - loadShare)} of the load`] : []),
  ];
  const filled = gaps.length === 0 ? '' : ` The model fills what was not recorded: ${gaps.join(' and ')}.`;
  return `${name}: ${playedDays} of ${days} whole days from ${from}, by the clock of ${timeZone}. ${sun}${house}${filled}`;
}

function kilowatts(watts: number): string {
  return `${Number((watts / 1000).toFixed(2))} kW`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
