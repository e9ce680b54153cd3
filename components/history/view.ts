import { formatDate, formatTime } from '@/lib/format';
import { addDays, localDateOf, startOfLocalDate } from '@/lib/local-day';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const PRESETS = {
  '1h': { label: '1 h', words: 'hour', spanMs: HOUR_MS, refreshMs: 15_000 },
  '24h': { label: '24 h', words: '24 hours', spanMs: DAY_MS, refreshMs: 60_000 },
  '7d': { label: '7 d', words: '7 days', spanMs: 7 * DAY_MS, refreshMs: 60_000 },
  '30d': { label: '30 d', words: '30 days', spanMs: 30 * DAY_MS, refreshMs: 300_000 },
  '1y': { label: '1 y', words: '365 days', spanMs: 365 * DAY_MS, refreshMs: 300_000 },
} as const;
export type Preset = keyof typeof PRESETS;
const DEFAULT_PRESET: Preset = '24h';

/** What the page shows: a stretch that ends now and moves with it, or one that stands still. */
export type View =
  | { readonly kind: 'preset'; readonly preset: Preset }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number };

export interface Range {
  readonly from: number;
  readonly to: number;
}

const SHORTEST_MS = 5 * MINUTE_MS;
const LONGEST_MS = 40 * 365 * DAY_MS;
/** Years that ISO 8601 writes with four digits. */
const LATEST_MS = Date.UTC(10_000, 0);

export function rangeOfView(view: View, now: number): Range {
  if (view.kind === 'fixed') return view;
  return { from: now - PRESETS[view.preset].spanMs, to: now };
}

/** Later (> 0) or earlier (< 0) by a share of what is shown; never beyond now, nor before 1970. */
export function panned({ from, to }: Range, share: number, now: number): View {
  const ms = Math.max(-from, Math.min((to - from) * share, Math.max(0, now - to)));
  return { kind: 'fixed', from: Math.round(from + ms), to: Math.round(to + ms) };
}

/** `factor` < 1 shows less; what lies at `anchor` (0–1 of the width) stays where it is. */
export function zoomed({ from, to }: Range, factor: number, anchor: number, now: number): View {
  const span = to - from;
  const wanted = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, span * factor));
  const start = from + (span - wanted) * anchor;
  const end = Math.max(wanted, Math.min(start + wanted, Math.max(now, to)));
  return { kind: 'fixed', from: Math.round(end - wanted), to: Math.round(end) };
}

/** Whole local days, both included. */
export function daysView(first: string, last: string, timeZone: string): View {
  const [from, to] = first <= last ? [first, last] : [last, first];
  return {
    kind: 'fixed',
    from: startOfLocalDate(from, timeZone),
    to: startOfLocalDate(addDays(to, 1), timeZone),
  };
}

/** The local dates of its first and last instant. */
export function datesOf({ from, to }: Range, timeZone: string): { first: string; last: string } {
  return { first: localDateOf(from, timeZone), last: localDateOf(Math.max(from, to - 1), timeZone) };
}

type Params = Readonly<Record<string, string | string[] | undefined>>;

/** From the page's address; whatever it does not understand is the last day. */
export function viewFrom({ range, from, to }: Params): View {
  if (typeof range === 'string' && Object.hasOwn(PRESETS, range)) {
    return { kind: 'preset', preset: range as Preset };
  }
  const [start, end] = [from, to].map((text) => (typeof text === 'string' ? Date.parse(text) : Number.NaN));
  if (start === undefined || end === undefined || !(end - start >= SHORTEST_MS) || end - start > LONGEST_MS) {
    return { kind: 'preset', preset: DEFAULT_PRESET };
  }
  if (start < 0 || end >= LATEST_MS) return { kind: 'preset', preset: DEFAULT_PRESET };
  return { kind: 'fixed', from: start, to: end };
}

/** What is shown, in words: "The last 7 days", "Mon 23 Nov 2026, 12:00 to 18:00". */
export function titleOf(view: View, { from, to }: Range, timeZone: string): string {
  if (view.kind === 'preset') return `The last ${PRESETS[view.preset].words}`;
  const [first, last] = [from, to].map((at) => formatDate(localDateOf(at, timeZone)));
  const end = `${formatTime(to, timeZone)}`;
  return `${first}, ${formatTime(from, timeZone)} to ${first === last ? end : `${last}, ${end}`}`;
}

/** For the page's address, so that a reload or a link shows the same. */
export function searchOf(view: View): string {
  if (view.kind === 'preset') return view.preset === DEFAULT_PRESET ? '' : `?range=${view.preset}`;
  const iso = (at: number) => new Date(at).toISOString();
  return `?${new URLSearchParams({ from: iso(view.from), to: iso(view.to) })}`;
}
