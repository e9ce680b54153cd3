import { describe, expect, it } from 'vitest';
import type { BandThresholds } from '@/lib/cockpit/settings';
import { labelledMarks, ladderOf, ladderPosition } from './ladder';

const DEFAULTS: BandThresholds = {
  shutdownV: 44,
  criticalLowV: 45,
  lowV: 47,
  restartV: 50,
  optimalMinV: 50,
  optimalMaxV: 54.5,
};

describe('ladderOf', () => {
  it('gives equal thresholds one mark and leaves no gap between zones', () => {
    const ladder = ladderOf(DEFAULTS);
    expect(ladder.marks.map(({ volts, names }) => [volts, names.join(', ')])).toEqual([
      [44, 'shutdown'],
      [45, 'critical'],
      [47, 'low'],
      [50, 'restart, optimal from'],
      [54.5, 'high above'],
    ]);
    expect(ladder.zones.map(({ fromV, toV }) => [fromV, toV])).toEqual([
      [43, 47],
      [47, 50],
      [50, 54.5],
      [54.5, 56.5],
    ]);
  });

  it('stretches to a voltage beyond the thresholds, so that it is never drawn where it is not', () => {
    expect(ladderOf(DEFAULTS, [57.6]).highestV).toBe(57.6);
    expect(ladderOf(DEFAULTS, [null, 41]).lowestV).toBe(41);
    expect(ladderPosition(ladderOf(DEFAULTS, [41]), 41)).toBe(0);
    expect(ladderPosition(ladderOf(DEFAULTS), 49.75)).toBeCloseTo(0.5);
  });

  it('labels no two marks closer than the gap', () => {
    const labels = labelledMarks(ladderOf(DEFAULTS), 0.1).map(({ volts }) => volts);
    expect(labels).toEqual([45, 47, 50, 54.5]);
    expect(labelledMarks(ladderOf(DEFAULTS), 0).length).toBe(5);
  });
});
