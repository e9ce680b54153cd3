import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { hvacZones, minerProfiles } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { fanLoadId, minerLoadId } from '@/lib/core/loads';
import { DEFAULT_RETENTION } from '@/lib/retention/schema';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import type { TelemetryResolution } from './bins';
import { prune } from './prune';
import { readTelemetry } from './queries';
import { noteRecorded, rollUp } from './rollup';
import { readRuns } from './runs';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 5, 20, 7);
const LOS_ANGELES = 'America/Los_Angeles';

let database: TestDatabase;
let connection: Connection;
let minerId = '';
let zoneId = '';

/** Forty days and, a year and more ago, four: PV goes with the hour, the miner runs in the odd ones. */
beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, { max: 3, applicationName: 'test' });
  const { db } = connection;
  const [miner] = await db.select().from(minerProfiles).orderBy(minerProfiles.priorityLevel);
  const [zone] = await db.select().from(hvacZones).orderBy(hvacZones.zoneName);
  minerId = minerLoadId(miner?.id ?? '');
  zoneId = zone?.id ?? '';
  for (const [from, to] of [
    [NOW - 504 * DAY, NOW - 500 * DAY],
    [NOW - 40 * DAY, NOW],
  ] as const) {
    await db.transaction(async (tx) => {
      await tx.execute(sql`
        insert into telemetry (user_id, ts, pack_voltage_v, pv_w, simulated, config_version, tick, loads, zones)
        select ${OWNER_ID}, ts, 50 + extract(hour from ts) / 10, 100 * extract(hour from ts), false, 1, '{"seconds": 300}',
          jsonb_build_object(${minerId}::text, jsonb_build_object('state', case extract(hour from ts)::int % 2 when 1 then 'on' else 'off' end),
            ${fanLoadId(zoneId)}::text, '{"state": "unknown"}'::jsonb),
          jsonb_build_object(${zoneId}::text, '{"c": 21.5, "age": 0}'::jsonb)
        from generate_series(${new Date(from).toISOString()}::timestamptz, ${new Date(to - 1).toISOString()}::timestamptz, interval '5 minutes') ts`);
      await noteRecorded(tx, OWNER_ID, new Date(from));
    });
  }
  await rollUp(db, { ownerId: OWNER_ID, timeZone: LOS_ANGELES, full: { floatV: 55, tailA: 45 } });
  await prune(db, { ownerId: OWNER_ID, retention: DEFAULT_RETENTION, now: NOW });
});
afterAll(async () => {
  await connection.end();
  await database.drop();
});

const range = (from: number, to: number, resolution: TelemetryResolution = 'auto', maxPoints = 2000) => ({
  ownerId: OWNER_ID,
  from,
  to,
  resolution,
  maxPoints,
  timeZone: LOS_ANGELES,
});

describe('history from the tiers', () => {
  it.each([
    ['an hour', HOUR, null],
    ['three days, few rows as they are', 3 * DAY, null],
    ['a week', 7 * DAY, 900],
    ['forty days', 40 * DAY, 3600],
    ['a year and a half', 510 * DAY, 86_400],
    ['forty years', 40 * 365 * DAY, 15 * 86_400],
  ])('answers %s in bins that suit', async (_, span, binSeconds) => {
    const series = await readTelemetry(connection.db, range(NOW - span, NOW));
    expect(series.binSeconds).toBe(binSeconds);
    expect(series.points.length).toBeGreaterThan(0);
    expect(series.points.length).toBeLessThanOrEqual(2000);
    const runs = await readRuns(connection.db, range(NOW - span, NOW));
    expect(runs.binSeconds).toBe(binSeconds);
    const known = series.points.filter((point) => point.pvW !== null);
    expect(runs.at).toEqual(known.map((point) => point.at));
  });

  it('knows day from night in a month on a telephone', async () => {
    const month = range(NOW - 30 * DAY, NOW, 'auto', 600);
    const { binSeconds, points } = await readTelemetry(connection.db, month);
    expect(binSeconds).toBe(10_800);
    // The first and the last of them are parts of three hours.
    expect(points).toHaveLength(241);
    // What it does not show is beside the point of a longer one, whose quarters are too many to read.
    expect((await readTelemetry(connection.db, range(NOW - 60 * DAY, NOW))).binSeconds).toBe(86_400);
  });

  it('tells the same whichever tier answers', async () => {
    const from = NOW - 10 * DAY;
    const mean = (points: readonly { pvW: number | null }[]) =>
      points.reduce((sum, { pvW }) => sum + (pvW ?? 0), 0) / points.length;
    for (const resolution of ['raw', '1m', '15m', '1d'] as const) {
      const { points } = await readTelemetry(connection.db, range(from, NOW, resolution));
      expect(mean(points), resolution).toBeCloseTo(1150, -1);
      expect(Math.min(...points.map((point) => point.packVoltageMinV ?? 99))).toBeCloseTo(50, 4);
      expect(Math.max(...points.map((point) => point.packVoltageMaxV ?? 0))).toBeCloseTo(52.3, 4);
    }
  });

  it('gives the finest that is still kept of long ago, at once', async () => {
    // Raw rows are gone after 30 days, minutes after a year.
    const month = await readTelemetry(connection.db, range(NOW - 35 * DAY, NOW - 35 * DAY + HOUR));
    expect(month.binSeconds).toBe(60);
    expect(month.points).toHaveLength(60);
    const year = await readTelemetry(connection.db, range(NOW - 502 * DAY, NOW - 502 * DAY + HOUR));
    expect(year.binSeconds).toBe(900);
    expect(year.points).toHaveLength(4);
  });

  it('knows when each load ran and what is not known, and each zone’s temperature', async () => {
    const day = NOW - 8 * DAY;
    for (const resolution of ['raw', '1m', '15m'] as const) {
      const { at, loads, zones } = await readRuns(connection.db, range(day, day + DAY, resolution));
      const miner = loads.find(({ loadId }) => loadId === minerId);
      expect(miner?.onShare).toEqual(at.map((instant) => new Date(instant).getUTCHours() % 2));
      expect(miner?.onSeconds).toBe((12 * HOUR) / 1000);
      const fan = loads.find(({ kind }) => kind === 'fan');
      expect(new Set(fan?.onShare)).toEqual(new Set([null]));
      expect(fan?.onSeconds).toBeNull();
      expect(fan?.name).toMatch(/ fan$/);
      expect(zones).toEqual([expect.objectContaining({ zoneId, temperatureC: at.map(() => 21.5) })]);
    }
    const days = await readRuns(connection.db, range(day - 300 * DAY, NOW));
    const miner = days.loads.find(({ loadId }) => loadId === minerId);
    expect(miner?.onShare[20]).toBeCloseTo(0.5, 1);
    // Forty days are recorded of those, and the time before them counts for nothing.
    expect(days.binSeconds).toBe(86_400);
    expect(miner?.onSeconds).toBe((20 * DAY) / 1000);
  });

  it('shows what is not rolled up yet from the rows themselves', async () => {
    const { db } = connection;
    await db.execute(
      sql`update telemetry_rollup_state set rolled_to = ${new Date(NOW - 3 * DAY).toISOString()}::timestamptz`,
    );
    await db.execute(
      sql`delete from telemetry_15m where ts >= ${new Date(NOW - 3 * DAY).toISOString()}::timestamptz`,
    );
    const series = await readTelemetry(db, range(NOW - 7 * DAY, NOW));
    expect(series.points).toHaveLength(7 * 96);
    expect(series.points.every((point) => point.pvW !== null)).toBe(true);
    const runs = await readRuns(db, range(NOW - 7 * DAY, NOW));
    expect(runs.at).toHaveLength(7 * 96);
  });
});
