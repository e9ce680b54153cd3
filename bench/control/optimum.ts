import loadHighs from 'highs';
import { batteryParameters, chargeLimitA, restingBattery } from '@/lib/drivers/site-physics/battery';
import { INVERTER } from '@/lib/drivers/site-physics/site';
import { storedKwh } from './energy';
import type { BenchSite } from './site';

export const SLOT_MINUTES = 15;
const SLOT_HOURS = SLOT_MINUTES / 60;
/** One way, of a linear battery (simulation.md §4). */
export const ONE_WAY = 0.98;
/** Miners leave this share in the bank, or what the house alone would have left. */
const LEAST_SHARE = 0.1;
/** Prices in kWh: of moving energy through the bank, of a start, of a kWh that the house lacks. */
const CYCLE_PRICE = 1e-4;
const START_PRICE = 0.02;
const LACK_PRICE = 50;
const NOMINAL_V = 52.8;

/** What is known ahead, per slot, all on the DC side, kW: a run without miners and the sky over it. */
export interface Known {
  readonly pvKw: readonly number[];
  /** House, heaters and fans with the inverter's losses. */
  readonly baseKw: readonly number[];
  /** What the house lacked without miners. */
  readonly unservedKw: readonly number[];
  /** Charge of the bank without miners at the end of each slot, 0–1, and its temperature, °C. */
  readonly soc: readonly number[];
  readonly bankC: readonly number[];
  /** Per miner: its owner lets it run in this slot. */
  readonly mayRun: readonly (readonly boolean[])[];
}

export interface Optimum {
  /** Per miner, share of each slot. */
  readonly shares: readonly (readonly number[])[];
  /** In the bank at the end of each slot. */
  readonly storedKwh: readonly number[];
  readonly status: string;
}

/** The solver, loaded once. */
export type Solver = Awaited<ReturnType<typeof loadHighs>>;
export const loadSolver = (): Promise<Solver> => loadHighs();

/** The best schedule for slots `from`…`to` of what is known, from a bank with `startKwh`. */
export function bestSchedule(
  solver: Solver,
  site: BenchSite,
  known: Known,
  range: { readonly from: number; readonly to: number; readonly startKwh: number },
  options: { readonly whole: boolean; readonly seconds: number },
): Optimum {
  const model = lpText(site, known, range, options.whole);
  const solved = solver.solve(model, {
    output_flag: false,
    time_limit: options.seconds,
    mip_rel_gap: 0.01,
  });
  const columns = solved.Columns as Readonly<Record<string, { readonly Primal?: number }>>;
  const value = (name: string): number => columns[name]?.Primal ?? Number.NaN;
  const slots = Array.from({ length: range.to - range.from }, (_, t) => t);
  const shares = site.config.miners.map((_, k) => slots.map((t) => value(`u${k}_${t}`) || 0));
  return { shares, storedKwh: slots.map((t) => value(`e${t}`)), status: solved.Status };
}

/** What `share` of the inverter leaves for miners beside a base load of `baseKw` DC, kW AC. */
export function freeAcKw({ inverterW }: BenchSite, baseKw: number, share: number): number {
  return Math.max(0, (share * inverterW) / 1000 - (baseKw - INVERTER.idleW / 1000) * INVERTER.efficiency);
}

function lpText(
  site: BenchSite,
  known: Known,
  { from, to, startKwh }: { readonly from: number; readonly to: number; readonly startKwh: number },
  whole: boolean,
): string {
  const { miners } = site.config;
  const fullKwh = storedKwh(1, site.capacityAh);
  const bank = batteryParameters(site.capacityAh);
  const mostKw = (INVERTER.maxBatteryA * NOMINAL_V) / 1000;
  const minersKw = miners.reduce((sum, { powerDrawWatts }) => sum + powerDrawWatts / 1000, 0);
  const objective: string[] = [];
  const rows: string[] = [];
  const bounds: string[] = [];
  const binaries: string[] = [];
  for (let t = 0; t < to - from; t += 1) {
    const s = from + t;
    const refKwh = storedKwh(known.soc[s] ?? 0, site.capacityAh);
    const leastKwh = Math.min(LEAST_SHARE * fullKwh, refKwh, startKwh);
    const limitA = chargeLimitA(restingBattery(0.5, known.bankC[s] ?? 25), bank);
    const chargeKw = Math.min(mostKw, (limitA * NOMINAL_V) / 1000);
    const runs = miners.map(({ powerDrawWatts }, k) => {
      const kw = powerDrawWatts / 1000 / INVERTER.efficiency;
      objective.push(`${n(kw * SLOT_HOURS)} u${k}_${t}`);
      if (whole) objective.push(`- ${START_PRICE} s${k}_${t}`);
      return `- ${n(kw)} u${k}_${t}`;
    });
    objective.push(`- ${CYCLE_PRICE} c${t} - ${CYCLE_PRICE} d${t} - ${LACK_PRICE * SLOT_HOURS} x${t}`);
    const before = t === 0 ? '' : ` - e${t - 1}`;
    rows.push(
      `e${t}${before} - ${n(ONE_WAY * SLOT_HOURS)} c${t} + ${n(SLOT_HOURS / ONE_WAY)} d${t} = ${t === 0 ? n(startKwh) : 0}`,
    );
    rows.push(
      `d${t} - c${t} + g${t} + x${t} ${runs.join(' ')} >= ${n((known.baseKw[s] ?? 0) - (known.pvKw[s] ?? 0))}`,
    );
    const freeKw = freeAcKw(site, known.baseKw[s] ?? 0, 1);
    if (minersKw > freeKw) {
      const drawn = miners.map(({ powerDrawWatts }, k) => `${n(powerDrawWatts / 1000)} u${k}_${t}`);
      rows.push(`${drawn.join(' + ')} <= ${n(freeKw)}`);
    }
    bounds.push(`0 <= c${t} <= ${n(chargeKw)}`, `0 <= d${t} <= ${n(mostKw)}`);
    bounds.push(`${n(leastKwh)} <= e${t} <= ${n(fullKwh)}`, `0 <= g${t} <= ${n(known.unservedKw[s] ?? 0)}`);
    miners.forEach((miner, k) => {
      bounds.push(`0 <= u${k}_${t} <= ${known.mayRun[k]?.[s] ? 1 : 0}`);
      if (!whole) return;
      binaries.push(`u${k}_${t}`);
      rows.push(`s${k}_${t} - u${k}_${t}${t === 0 ? '' : ` + u${k}_${t - 1}`} >= 0`);
      const hold = Math.ceil(miner.minimumOnMinutes / SLOT_MINUTES);
      for (let j = 1; j < hold && t + j < to - from; j += 1) rows.push(`u${k}_${t + j} - s${k}_${t} >= 0`);
    });
  }
  // What is left counts as the score counts it, so that no policy gains by leaving less than the optimum may.
  objective.push(`${ONE_WAY} e${to - from - 1}`);
  return `Maximize\n obj: ${signed(objective)}\nSubject To\n${rows.map((row, i) => ` r${i}: ${row}`).join('\n')}\nBounds\n${bounds.join('\n')}\n${binaries.length > 0 ? `Binaries\n${binaries.join('\n')}\n` : ''}End`;
}

function n(value: number): string {
  return value.toFixed(6);
}

function signed(terms: readonly string[]): string {
  return terms.map((term, i) => (i === 0 || term.startsWith('-') ? term : `+ ${term}`)).join('\n ');
}
