/** A stretch of a run strip, epoch ms; `share` of it on, or null where nobody knew. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly share: number | null;
}

interface Bins {
  /** Starts of bins (or the rows themselves), epoch ms, ascending. */
  readonly at: readonly number[];
  /** Width of a bin, s; null: rows as recorded. */
  readonly binSeconds: number | null;
}

const DAY_S = 86_400;
/** A day of 25 hours is no gap. */
const DAY_SLACK_MS = 3_600_000;
/** Rows further apart than three ticks have a gap between them. */
const LEAST_GAP_MS = 30_000;

/** When each bin ends: where the next begins, unless a gap lies between. */
export function binEnds({ at, binSeconds }: Bins): number[] {
  const distances = at.slice(1).map((start, i) => start - (at[i] ?? start));
  const usual = [...distances].sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 10_000;
  const width = binSeconds === null ? usual : binSeconds * 1000;
  const reach =
    binSeconds === null
      ? Math.max(LEAST_GAP_MS, 3 * usual)
      : width + (binSeconds >= DAY_S ? DAY_SLACK_MS : 0);
  return at.map((start, i) => {
    const next = at[i + 1];
    return next !== undefined && next - start <= reach ? next : start + width;
  });
}

/** What a load did, bins alike joined; stretches without a record are left out, those off too. */
export function stretchesOf(bins: Bins, onShare: readonly (number | null)[]): Stretch[] {
  const ends = binEnds(bins);
  const stretches: { from: number; to: number; share: number | null }[] = [];
  for (const [i, from] of bins.at.entries()) {
    const share = onShare[i] ?? null;
    const to = ends[i] ?? from;
    const last = stretches.at(-1);
    if (last && last.to === from && last.share === share) last.to = to;
    else stretches.push({ from, to, share });
  }
  return stretches.filter(({ share }) => share !== 0);
}
