import { expect, it } from 'vitest';
import { localMinuteOf } from '@/lib/format';
import { localDateOf } from '@/lib/local-day';
import { offsetsOf } from './offsets';

const MINUTE_MS = 60_000;

it.each([
  ['America/Los_Angeles', '2026-11-01T09:00:00Z'],
  // On the half hour of UTC.
  ['America/St_Johns', '2026-03-08T05:30:00Z'],
  ['America/St_Johns', '2026-11-01T04:30:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T15:30:00Z'],
  ['Asia/Kolkata', '2026-06-01T00:00:00Z'],
  ['Pacific/Apia', '2011-12-30T10:00:00Z'],
])('%s shows the time of its clock around %s, minute by minute', (zone, change) => {
  const from = Date.parse(change) - 150 * MINUTE_MS;
  const at = Float64Array.from({ length: 300 }, (_, i) => from + i * MINUTE_MS);
  const shown = Array.from(offsetsOf(at, zone), (offset, i) => {
    const local = new Date((at[i] ?? 0) + offset * MINUTE_MS);
    return [local.toISOString().slice(0, 10), local.getUTCHours() * 60 + local.getUTCMinutes()];
  });
  expect(shown).toEqual(Array.from(at, (moment) => [localDateOf(moment, zone), localMinuteOf(moment, zone)]));
});
