/** A quarter of an hour of history, as far as the gains need it. */
export interface Quarter {
  /** Start, epoch ms. */
  readonly at: number;
  readonly coveredSeconds: number;
  readonly gridSeconds: number;
  /** Seconds in which the bank was full. */
  readonly fullSeconds: number;
  /** Null = grid and generator are not measured. */
  readonly importWh: number | null;
  readonly minedWh: number;
}

export interface LostSun {
  readonly minedWh: number;
  /** Mined from sun that the same site without its miners would have thrown away: at least this. */
  readonly creditedWh: number;
  /** Counted against imported energy of the same cycle. */
  readonly importedWh: number;
  /** Mined since the bank was last full: not known yet. */
  readonly pendingWh: number;
  /** Mined in cycles whose record has holes: never credited. */
  readonly unprovenWh: number;
  readonly cycles: number;
  /** False: no grid or generator is measured, and none was counted. */
  readonly importKnown: boolean;
}

const QUARTER_MS = 900_000;
const QUARTER_S = QUARTER_MS / 1000;
/** A cycle with more of it missing proves nothing. */
const LEAST_COVERAGE = 0.95;

/**
 * How much of what the miners drew would have been lost, judged from full bank to full bank.
 *
 * Baseline: the same sun, house and heaters with every miner off, its bank as full at the start. It uses less, so its
 * bank is never the emptier one; when the real bank is full, so is the baseline's. Between two such moments both banks
 * gain the same, hence everything the miners drew came from import or from sun that the baseline had no room for. That
 * needs no model of the battery, no forecast and no state of charge. All import of the cycle is counted against the
 * miners, even the house's own, and the sun that battery losses ate is not counted for them: a lower bound.
 */
export function lostSun(quarters: readonly Quarter[]): LostSun {
  const importKnown = quarters.some((quarter) => quarter.gridSeconds > 0);
  const total = { minedWh: 0, creditedWh: 0, importedWh: 0, unprovenWh: 0, cycles: 0 };
  let cycle = emptyCycle(quarters[0]?.at ?? 0);
  for (const quarter of quarters) {
    total.minedWh += quarter.minedWh;
    cycle.minedWh += quarter.minedWh;
    cycle.importWh += quarter.importWh ?? 0;
    cycle.coveredSeconds += quarter.coveredSeconds;
    cycle.gridSeconds += quarter.gridSeconds;
    if (!isFull(quarter)) continue;
    const end = quarter.at + QUARTER_MS;
    const needed = ((end - cycle.from) / 1000) * LEAST_COVERAGE;
    const proven = cycle.coveredSeconds >= needed && (!importKnown || cycle.gridSeconds >= needed);
    if (proven) {
      const imported = Math.min(cycle.minedWh, cycle.importWh);
      total.importedWh += imported;
      total.creditedWh += cycle.minedWh - imported;
      total.cycles += 1;
    } else {
      total.unprovenWh += cycle.minedWh;
    }
    cycle = emptyCycle(end);
  }
  return { ...total, pendingWh: cycle.minedWh, importKnown };
}

function isFull({ fullSeconds, coveredSeconds }: Quarter): boolean {
  return coveredSeconds >= QUARTER_S / 2 && fullSeconds >= coveredSeconds / 2;
}

function emptyCycle(from: number) {
  return { from, minedWh: 0, importWh: 0, coveredSeconds: 0, gridSeconds: 0 };
}
