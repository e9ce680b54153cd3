import { fileURLToPath } from 'node:url';
import { alignPlayback, type Playback } from '@/lib/drivers/recording/alignment';
import { readRecording } from '@/lib/drivers/recording/file';
import type { Series } from '@/lib/drivers/recording/series';
import { createWallClock } from '@/lib/drivers/wall-clock';
import { DAY_MS } from './weather';

/** Home A: a real house with a 4.4 kW array (data/NOTICE.md), on the clock of its place. */
export const HOME_A = {
  name: 'home A',
  file: fileURLToPath(new URL('../../data/home-a.csv.gz', import.meta.url)),
  timeZone: 'Europe/Paris',
  arrayW: 4400,
} as const;

/** The recording behind a path, laid over the calendar of a site in `siteZone`. */
export async function playbackOf(file: string, timeZone: string, siteZone: string): Promise<Playback> {
  const series = await readRecording(file, file);
  return alignPlayback(series, createWallClock(siteZone), createWallClock(timeZone));
}

/** Largest PV power and the whole weeks of a recording, at most a year of them. */
export async function sizeOf(file: string): Promise<{ peakPvW: number; firstDay: number; weeks: number }> {
  const series: Series = await readRecording(file, file);
  const first = series.timesMs[0] ?? 0;
  const last = series.timesMs.at(-1) ?? first;
  const firstDay = Math.ceil(first / DAY_MS) * DAY_MS;
  let peakPvW = 0;
  for (const value of series.columns.pvW ?? []) if (value > peakPvW) peakPvW = value;
  return { peakPvW, firstDay, weeks: Math.min(52, Math.floor((last - firstDay) / (7 * DAY_MS))) };
}
