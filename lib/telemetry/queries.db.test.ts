import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { telemetry, users } from '@/db/schema';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import type { TelemetryResolution } from './bins';
import { readTelemetry } from './queries';

const NOON = Date.UTC(2026, 5, 1, 19, 0);
const MINUTE = 60_000;
const DAY = 86_400_000;

let database: TestDatabase;
let connection: Connection;
let ownerId = '';
let otherId = '';

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, { max: 2, applicationName: 'test' });
  const made = await connection.db
    .insert(users)
    .values([{ email: 'one@example.org' }, { email: 'two@example.org' }])
    .returning();
  ownerId = made[0]?.id ?? '';
  otherId = made[1]?.id ?? '';
});
beforeEach(() => connection.db.delete(telemetry));
afterAll(async () => {
  await connection.end();
  await database.drop();
});

type Row = Partial<typeof telemetry.$inferInsert>;

async function insert(rows: readonly (Row & { at: number })[]): Promise<void> {
  for (let i = 0; i < rows.length; i += 500) {
    await connection.db.insert(telemetry).values(
      rows.slice(i, i + 500).map(({ at, ...row }) => ({
        userId: ownerId,
        ts: new Date(at),
        simulated: false,
        configVersion: 1,
        ...row,
      })),
    );
  }
}

const read = (from: number, to: number, resolution: TelemetryResolution = 'auto', maxPoints = 2000) =>
  readTelemetry(connection.db, { ownerId, from, to, maxPoints, resolution, timeZone: 'America/Los_Angeles' });

describe('readTelemetry', () => {
  it('gives rows as they are where they fit, the owner’s only, from inclusive to exclusive', async () => {
    await insert([
      { at: NOON - 1, packVoltageV: 1 },
      { at: NOON, packVoltageV: 52.346, pvW: 8450, currentA: -17.26 },
      { at: NOON + 10_000, packVoltageV: 52.35, pvW: 0, simulated: true },
      { at: NOON + 20_000, packVoltageV: 2 },
      { at: NOON + 5_000, packVoltageV: 99, userId: otherId },
    ]);
    const series = await read(NOON, NOON + 20_000);
    expect(series.binSeconds).toBeNull();
    expect(
      series.points.map(({ at, packVoltageV, pvW, currentA, simulated }) => ({
        at,
        packVoltageV,
        pvW,
        currentA,
        simulated,
      })),
    ).toEqual([
      { at: NOON, packVoltageV: 52.346, pvW: 8450, currentA: -17.26, simulated: false },
      { at: NOON + 10_000, packVoltageV: 52.35, pvW: 0, currentA: null, simulated: true },
    ]);
  });

  it('averages into bins and keeps the extremes of voltage; unknown stays unknown', async () => {
    await insert([
      { at: NOON, packVoltageV: 52, pvW: 100 },
      { at: NOON + 10_000, packVoltageV: 54, pvW: null },
      { at: NOON + 20_000, packVoltageV: null, pvW: 300 },
      { at: NOON + MINUTE, packVoltageV: 50, simulated: true },
    ]);
    const { binSeconds, points } = await read(NOON, NOON + 10 * MINUTE, '1m');
    expect(binSeconds).toBe(60);
    expect(points).toMatchObject([
      {
        at: NOON,
        packVoltageMinV: 52,
        packVoltageV: 53,
        packVoltageMaxV: 54,
        pvW: 200,
        loadW: null,
        simulated: false,
      },
      { at: NOON + MINUTE, packVoltageV: 50, pvW: null, simulated: true },
    ]);
  });

  it('marks a gap by one point that knows nothing, whatever the bins', async () => {
    const rows = [0, 1, 2, 3, 20, 21, 22].map((minute) => ({ at: NOON + minute * MINUTE, packVoltageV: 52 }));
    await insert(rows);
    for (const resolution of ['auto', '1m'] as const) {
      const { points } = await read(NOON, NOON + 30 * MINUTE, resolution);
      expect(points.map((point) => point.packVoltageV)).toEqual([52, 52, 52, 52, null, 52, 52, 52]);
      expect(points[4]?.at).toBeGreaterThan(NOON + 3 * MINUTE);
      expect(points[4]?.at).toBeLessThan(NOON + 20 * MINUTE);
    }
  });

  it('never gives more points than asked for, even full of gaps', async () => {
    await insert(
      Array.from({ length: 3000 }, (_, i) => ({
        at: NOON + i * MINUTE + (i % 2) * 30_000,
        packVoltageV: 52,
      })),
    );
    for (const [resolution, maxPoints] of [
      ['auto', 100],
      ['raw', 100],
      ['1m', 100],
      ['auto', 2000],
      ['1d', 2],
    ] as const) {
      const { points } = await read(NOON, NOON + 3000 * MINUTE, resolution, maxPoints);
      expect(points.length).toBeGreaterThan(0);
      expect(points.length).toBeLessThanOrEqual(maxPoints);
    }
  });

  it('follows the owner’s days, those of 23 and 25 hours too', async () => {
    // 31 Oct – 3 Nov 2026 in Los Angeles: the clock goes back on 1 November.
    const midnight = Date.UTC(2026, 9, 31, 7);
    await insert(
      Array.from({ length: 4 * 24 }, (_, i) => ({
        at: midnight + i * 3_600_000,
        packVoltageV: 50 + i / 100,
      })),
    );
    const { points } = await read(midnight, midnight + 4 * DAY, '1d');
    expect(points.map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-10-31T07:00:00.000Z',
      '2026-11-01T07:00:00.000Z',
      '2026-11-02T08:00:00.000Z',
      '2026-11-03T08:00:00.000Z',
    ]);
    expect(points.every(({ packVoltageV }) => packVoltageV !== null)).toBe(true);
  });

  it('has nothing to tell of an empty range', async () => {
    expect((await read(NOON, NOON + DAY)).points).toEqual([]);
    expect((await read(NOON, NOON + DAY, '15m')).points).toEqual([]);
  });
});
