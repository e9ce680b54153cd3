import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alignPlayback, type Playback } from '@/lib/drivers/recording/alignment';
import { readRecording } from '@/lib/drivers/recording/file';
import type { Series } from '@/lib/drivers/recording/series';
import { createWallClock } from '@/lib/drivers/wall-clock';
import { fixedZone } from './fixed-zone';
import { Refusal } from './refusal';
import type { BenchSite } from './site';
import { DAY_MS } from './weather';

/** Home A: a real house with a 4.4 kW array (data/NOTICE.md), on the clock of its place. */
const HOME_A = {
  name: 'home A',
  file: fileURLToPath(new URL('../../data/home-a.csv.gz', import.meta.url)),
  timeZone: 'Europe/Paris',
  arrayW: 4400,
} as const;

/** A recording as it is played at a site. */
export interface Recorded {
  readonly name: string;
  readonly file: string;
  /** It is home A, which ships. */
  readonly shipped: boolean;
  /** Zone whose wall clock the recorded house lived by. */
  readonly timeZone: string;
  readonly pvScale: number;
  /** Local date of its first whole day, epoch ms of its UTC midnight. */
  readonly firstDay: number;
  /** Whole days in it, and those of them that are played. */
  readonly days: number;
  readonly playedDays: number;
  /** Of the time played: what it has recorded, 0–1. The model fills the rest. */
  readonly pvShare: number;
  readonly loadShare: number;
}

export interface RecordingChoice {
  /** Null: home A. */
  readonly file: string | null;
  /** Null: what its sun says. */
  readonly timeZone: string | null;
  /** Null: its array becomes as large as the site's. */
  readonly pvScale: number | null;
}

const DAYS_PER_WEEK = 7;
const MOST_WEEKS = 52;

/** Throws a Refusal or DriverError that names the file and what is wrong with it. */
export async function recordedAt(site: BenchSite, choice: RecordingChoice): Promise<Recorded> {
  const homeA = choice.file === null;
  const file = choice.file === null ? HOME_A.file : resolve(choice.file);
  const series = await readRecording(file, choice.file ?? HOME_A.name);
  const timeZone = choice.timeZone ?? (homeA ? HOME_A.timeZone : zoneOf(series, site.timeZone));
  const theirs = createWallClock(timeZone);
  const localMs = (atMs: number): number => atMs + theirs.offsetMs(atMs);
  const firstMs = localMs(series.timesMs[0] ?? 0);
  // The last row stands for the step that begins with it.
  const endMs = localMs(series.timesMs.at(-1) ?? 0) + series.stepMs;
  const firstDay = Math.ceil(firstMs / DAY_MS) * DAY_MS;
  const days = Math.max(0, Math.floor((endMs - firstDay) / DAY_MS));
  const weeks = Math.min(MOST_WEEKS, Math.floor(days / DAYS_PER_WEEK));
  const playedDays = weeks > 0 ? weeks * DAYS_PER_WEEK : days;
  const name = choice.file === null ? HOME_A.name : basename(choice.file).replace(/\.csv(\.gz)?$/i, '');
  if (days === 0) {
    const hours = ((endMs - firstMs) / 3_600_000).toFixed(1);
    throw new Refusal(
      `${choice.file}: holds ${hours} h from ${wallClock(firstMs)} (${timeZone}); at least one whole day from midnight to midnight is needed`,
    );
  }
  const arrayW = homeA ? HOME_A.arrayW : highestW(series);
  const recorded = {
    name,
    file,
    shipped: homeA,
    timeZone,
    pvScale: choice.pvScale ?? (arrayW > 0 ? site.pvArrayW / arrayW : 1),
    firstDay,
    days,
    playedDays,
  };
  const shares = sharesOf(series, recorded, site.timeZone);
  if (shares.pvShare === 0 && shares.loadShare === 0)
    throw new Refusal(
      `${choice.file}: has no values in a column pv_w or load_w (docs/recording.md has other spellings), so there is nothing in it to play`,
    );
  return { ...recorded, ...shares };
}

/** The recording behind a path, laid over the calendar of a site in `siteZone`. */
export async function playbackOf(file: string, timeZone: string, siteZone: string): Promise<Playback> {
  return playback(await readRecording(file, file), timeZone, siteZone);
}

function playback(series: Series, timeZone: string, siteZone: string): Playback {
  return alignPlayback(series, createWallClock(siteZone), createWallClock(timeZone));
}

/** By a clock that belongs to a place the middle of the day's sun is this near to noon, h. */
const NEAR_NOON_H = 3;
const DAY_H = 24;

/** The site's zone where the recorded sun fits it, else the whole-hour zone that the sun tells. */
function zoneOf({ timesMs, columns }: Series, siteZone: string): string {
  let east = 0;
  let north = 0;
  columns.pvW?.forEach((pvW, i) => {
    if (!(pvW > 0)) return;
    const angle = (2 * Math.PI * ((timesMs[i] ?? 0) % DAY_MS)) / DAY_MS;
    east += pvW * Math.cos(angle);
    north += pvW * Math.sin(angle);
  });
  if (east === 0 && north === 0) return siteZone;
  const noonUtcH = (Math.atan2(north, east) / (2 * Math.PI)) * DAY_H;
  const middleMs = timesMs[timesMs.length >> 1] ?? 0;
  const siteH = createWallClock(siteZone).offsetMs(middleMs) / 3_600_000;
  const aheadH = wrapped(DAY_H / 2 - noonUtcH);
  return Math.abs(wrapped(aheadH - siteH)) <= NEAR_NOON_H ? siteZone : fixedZone(Math.round(aheadH));
}

/** Into −12 … 12 h. */
function wrapped(hours: number): number {
  return hours - DAY_H * Math.round(hours / DAY_H);
}

/** A power that is hardly ever passed: a spike or two of a bad meter make no array. */
const HARDLY_PASSED = 0.999;

function highestW({ columns }: Series): number {
  const sunny = (columns.pvW ?? new Float64Array()).filter((pvW) => pvW > 0).sort();
  return sunny[Math.ceil(HARDLY_PASSED * sunny.length) - 1] ?? 0;
}

const LOOK_MS = 3_600_000;

function sharesOf(
  series: Series,
  { timeZone, firstDay, playedDays }: Pick<Recorded, 'timeZone' | 'firstDay' | 'playedDays'>,
  siteZone: string,
): Pick<Recorded, 'pvShare' | 'loadShare'> {
  const played = playback(series, timeZone, siteZone);
  const startMs = createWallClock(siteZone).instantOf(firstDay);
  const looks = (playedDays * DAY_MS) / LOOK_MS;
  let pv = 0;
  let load = 0;
  for (let i = 0; i < looks; i += 1) {
    const atMs = startMs + i * LOOK_MS;
    if (played.read('pvW', atMs) !== null) pv += 1;
    if (played.read('loadW', atMs) !== null) load += 1;
  }
  return { pvShare: pv / looks, loadShare: load / looks };
}

function wallClock(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 16).replace('T', ' ');
}
