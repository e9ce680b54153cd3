import { getTimes } from 'suncalc';
import { AppError } from '@/lib/errors';
import { LONGEST_OVERRIDE_HOURS, type OverrideInput } from './schema';

const HOUR_MS = 3_600_000;
const LONGEST_MS = LONGEST_OVERRIDE_HOURS * HOUR_MS;
/** A sunrise after one that has just been comes up to so much more than a day later (60° N in spring: 4 min). */
const SUNRISE_SLACK_MS = HOUR_MS;

/** Degrees, as the preferences keep it; null where the owner has not said. */
export interface Place {
  readonly latitudeDeg: number | null;
  readonly longitudeDeg: number | null;
}

/**
 * When an override that begins at `now` ends, epoch ms. Until sunrise means the next one, but at most the longest time.
 * @throws AppError invalid: in the past, too long, or no sunrise to wait for.
 */
export function endOf(input: OverrideInput, now: number, place: Place): number {
  if (input.duration_minutes !== undefined) return now + input.duration_minutes * 60_000;
  if (input.ends_at !== undefined) return requireWithinReach(input.ends_at, now);
  return Math.min(sunriseAfter(now, place), now + LONGEST_MS);
}

function requireWithinReach(endsAt: string, now: number): number {
  const end = Date.parse(endsAt);
  const earliest = new Date(now).toISOString();
  const latest = new Date(now + LONGEST_MS).toISOString();
  if (end <= now) {
    throw refusal('ends_at', `must be later than now (${earliest})`, { ends_at: endsAt, minimum: earliest });
  }
  if (end > now + LONGEST_MS) {
    throw refusal('ends_at', `must be at most ${LONGEST_OVERRIDE_HOURS} h from now (${latest})`, {
      ends_at: endsAt,
      maximum: latest,
    });
  }
  return end;
}

function sunriseAfter(now: number, { latitudeDeg, longitudeDeg }: Place): number {
  if (latitudeDeg === null || longitudeDeg === null) {
    throw refusal(
      'until',
      'needs the place of your site: set location_lat and location_lon, or give duration_minutes',
      {
        location_lat: latitudeDeg,
        location_lon: longitudeDeg,
      },
    );
  }
  for (let day = -1; day <= 2; day++) {
    const { sunrise } = getTimes(new Date(now + day * 24 * HOUR_MS), latitudeDeg, longitudeDeg);
    const at = sunrise?.getTime() ?? Number.NaN;
    if (at > now && at <= now + LONGEST_MS + SUNRISE_SLACK_MS) return at;
  }
  throw refusal(
    'until',
    'cannot be sunrise: the sun does not rise at your place in the next day; give duration_minutes',
    {
      location_lat: latitudeDeg,
      location_lon: longitudeDeg,
    },
  );
}

function refusal(path: string, message: string, values: Record<string, unknown>): AppError {
  return new AppError('invalid', `${path} ${message}.`, {
    issues: [{ path, code: 'out_of_reach', message, values }],
  });
}
