import { axisTick } from './axis-tick';
import { isNarrow } from './layout';
import { isByMonth, timeTickLabel, timeTicks } from './time-axis';

interface TimeAxis {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
}

/** A scale with few ticks of our own: none is made up, nor measured for room. */
export const OWN_TICKS = { interval: 0, niceTicks: 'none' } as const;
/** About so few that none of their labels meet; a day's name is longer than a time. */
const MOST_TICKS = { narrow: 4, narrowByDay: 3, wide: 6 } as const;
const BY_DAY_MS = 3 * 86_400_000;

function mostTicks(rangeMs: number): number {
  if (!isNarrow()) return MOST_TICKS.wide;
  return rangeMs > BY_DAY_MS ? MOST_TICKS.narrowByDay : MOST_TICKS.narrow;
}

/** What makes an XAxis of Recharts the owner's clock; points beyond its ends are cut off, not squeezed in. */
export function timeAxisProps({ from, to, timeZone }: TimeAxis) {
  return {
    dataKey: 'at',
    type: 'number' as const,
    domain: [from, to],
    allowDataOverflow: true,
    ticks: timeTicks(from, to, timeZone, mostTicks(to - from)),
    tickFormatter: (at: number) => timeTickLabel(at, timeZone, to - from),
    tick: axisTick,
    stroke: 'var(--line-strong)',
    ...OWN_TICKS,
    // Names of months are long: those are measured, which takes a telephone longer than to draw a line.
    ...(isByMonth(to - from) && { interval: 'preserveEnd' as const, minTickGap: 8 }),
  };
}
