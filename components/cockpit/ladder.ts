import type { BandThresholds } from '@/lib/cockpit/settings';

export interface LadderZone {
  readonly band: 'LOW' | 'RECOVERING' | 'OPTIMAL' | 'HIGH';
  readonly fromV: number;
  readonly toV: number;
}

/** A band's colour on any scale or chart. */
export const ZONE_COLORS = {
  LOW: 'var(--zone-low)',
  RECOVERING: 'var(--zone-recovering)',
  OPTIMAL: 'var(--zone-optimal)',
  HIGH: 'var(--zone-high)',
} as const;

export interface LadderMark {
  readonly volts: number;
  /** Every threshold that lies there. */
  readonly names: readonly string[];
}

export interface Ladder {
  readonly lowestV: number;
  readonly highestV: number;
  readonly zones: readonly LadderZone[];
  readonly marks: readonly LadderMark[];
}

/** Beside the outermost thresholds, V. */
const MARGIN_V = 1;

/** The thresholds as one scale that also holds the given voltages; equal thresholds share a mark. */
export function ladderOf(thresholds: BandThresholds, voltages: readonly (number | null)[] = []): Ladder {
  const { shutdownV, criticalLowV, lowV, restartV, optimalMinV, optimalMaxV } = thresholds;
  const known = voltages.filter((volts) => volts !== null);
  const lowestV = Math.min(shutdownV - MARGIN_V, ...known);
  const highestV = Math.max(optimalMaxV + 2 * MARGIN_V, ...known);
  const named: readonly (readonly [number, string])[] = [
    [shutdownV, 'shutdown'],
    [criticalLowV, 'critical'],
    [lowV, 'low'],
    [restartV, 'restart'],
    [optimalMinV, 'optimal from'],
    [optimalMaxV, 'high above'],
  ];
  const marks: { volts: number; names: string[] }[] = [];
  for (const [volts, name] of named) {
    const same = marks.find((mark) => mark.volts === volts);
    if (same) same.names.push(name);
    else marks.push({ volts, names: [name] });
  }
  return {
    lowestV,
    highestV,
    zones: [
      { band: 'LOW', fromV: lowestV, toV: lowV },
      { band: 'RECOVERING', fromV: lowV, toV: optimalMinV },
      { band: 'OPTIMAL', fromV: optimalMinV, toV: optimalMaxV },
      { band: 'HIGH', fromV: optimalMaxV, toV: highestV },
    ],
    marks,
  };
}

/** Where a voltage lies on the scale, 0–1. */
export function ladderPosition({ lowestV, highestV }: Ladder, volts: number): number {
  return Math.min(1, Math.max(0, (volts - lowestV) / (highestV - lowestV)));
}

/** The marks that can be labelled side by side; of two closer than `gap` (0–1 of the scale) the higher stays. */
export function labelledMarks(ladder: Ladder, gap: number): readonly LadderMark[] {
  const kept: LadderMark[] = [];
  for (const mark of [...ladder.marks].reverse()) {
    const above = kept.at(-1);
    if (!above || ladderPosition(ladder, above.volts) - ladderPosition(ladder, mark.volts) >= gap)
      kept.push(mark);
  }
  return kept.reverse();
}
