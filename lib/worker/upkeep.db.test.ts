import { asc, between, max, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import {
  removedDevices,
  settingsVersions,
  telemetry,
  telemetry1d,
  telemetry1m,
  telemetry15m,
  telemetryRollupState,
} from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { DEFAULT_RETENTION } from '@/lib/retention/schema';
import { single } from '@/lib/settings-versions/change';
import { prune } from '@/lib/telemetry/prune';
import { noteRecorded, rollUp } from '@/lib/telemetry/rollup';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { MinerRuns } from './miner-runs';
import { cuttableLine, HandClock, testSite } from './site.case';
import { Upkeep } from './upkeep';

const START = Date.UTC(2026, 5, 1, 17, 0);
const DAY = 86_400_000;
const HOUR = 3_600_000;
const ZONE = 'America/Los_Angeles';

let database: TestDatabase;
let direct: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  direct = connect(database.url, { max: 3, applicationName: 'test' });
});
beforeEach(async () => {
  for (const table of [telemetry, telemetry1m, telemetry15m, telemetry1d, telemetryRollupState]) {
    await direct.db.delete(table);
  }
});
afterAll(async () => {
  await direct.end();
  await database.drop();
});

const roll = () =>
  rollUp(direct.db, { ownerId: OWNER_ID, timeZone: ZONE, full: { floatV: 55, tailA: null } });

async function record(from: number, to: number, stepMs: number): Promise<void> {
  await direct.db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into telemetry (user_id, ts, pv_w, simulated, config_version, tick)
      select ${OWNER_ID}, ts, 1000, false, 1, ${JSON.stringify({ seconds: stepMs / 1000 })}::text::jsonb
      from generate_series(${new Date(from).toISOString()}::timestamptz, ${new Date(to - 1).toISOString()}::timestamptz,
        make_interval(secs => ${stepMs / 1000})) ts`);
    await noteRecorded(tx, OWNER_ID, new Date(from));
  });
}

describe('upkeep beside the ticks', () => {
  it('rolls up what ticks recorded, once a minute, and rows kept during an outage once they arrive', async () => {
    const line = await cuttableLine(database.url);
    const clock = new HandClock(START);
    const runs = new MinerRuns({ at: START, loads: {}, silences: null });
    const upkeep = new Upkeep({
      ownerId: OWNER_ID,
      connect: () => connect(line.url, { max: 1, applicationName: 'upkeep' }),
      unsettledRuns: () => runs,
      now: () => clock.at,
      monotonicMs: () => clock.at,
      databaseTimeoutMs: 3000,
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
    const worker = testSite({
      url: line.url,
      workerId: 'a',
      clock,
      afterTick: (config) => upkeep.afterTick(config),
    });
    const covered = async () => {
      const rows = await direct.db.select().from(telemetry1m).orderBy(asc(telemetry1m.ts));
      return rows.reduce((sum, row) => sum + row.coveredSeconds, 0);
    };
    const removal = await direct.db
      .insert(settingsVersions)
      .values({
        userId: OWNER_ID,
        at: new Date(START - 10 * DAY),
        actor: 'tester',
        entity: 'device',
        entityId: OWNER_ID,
      })
      .returning({ versionId: settingsVersions.id });
    await direct.db.insert(removedDevices).values({ ...single(removal), connection: {} });
    try {
      await worker.ticks(5);
      await expect.poll(covered, { timeout: 10_000 }).toBeGreaterThan(0);
      await expect.poll(() => direct.db.$count(removedDevices)).toBe(0);
      await expect.poll(() => runs.silentUntil).toBeNull();
      line.cut();
      await worker.ticks(12);
      line.mend();
      await expect.poll(worker.tick, { timeout: 20_000 }).toBe('recorded');
      await worker.ticks(8);
      const recorded = await direct.db.$count(telemetry);
      // The newest tick stands for one more step of ten seconds.
      await expect.poll(covered, { timeout: 10_000 }).toBeGreaterThanOrEqual((recorded - 8) * 10);
      const [minute] = await direct.db.select().from(telemetry1m).orderBy(asc(telemetry1m.ts));
      expect(minute).toMatchObject({ simulated: true });
      expect(Object.keys(minute?.zones ?? {})).toHaveLength(2);
    } finally {
      await upkeep.stop();
      await worker.site.stop();
      await line.close();
    }
  });

  it('tells of silences though history cannot be rolled up', async () => {
    const clock = new HandClock(START);
    const runs = new MinerRuns({ at: START, loads: {}, silences: null });
    const warnings: string[] = [];
    const upkeep = new Upkeep({
      ownerId: OWNER_ID,
      connect: () => connect(database.url, { max: 1, applicationName: 'upkeep' }),
      unsettledRuns: () => runs,
      now: clock.now,
      monotonicMs: clock.monotonicMs,
      databaseTimeoutMs: 3000,
      log: { info: () => {}, warn: (_fields, message) => warnings.push(message), error: () => {} },
    });
    const worker = testSite({
      url: database.url,
      workerId: 'c',
      clock,
      afterTick: (config) => upkeep.afterTick({ ...config, timeZone: 'Nowhere/At_All' }),
    });
    try {
      await worker.ticks(2);
      await expect.poll(() => warnings).toEqual(['history could not be kept in order']);
      expect(runs.silentUntil).toBeNull();
    } finally {
      await upkeep.stop();
      await worker.site.stop();
    }
  });
});

describe('history and a clock that leaps', () => {
  it('survives a clock that was years ahead for a while, and goes on being rolled up', async () => {
    const clock = new HandClock(START);
    const upkeep = new Upkeep({
      ownerId: OWNER_ID,
      connect: () => connect(database.url, { max: 1, applicationName: 'upkeep' }),
      unsettledRuns: () => null,
      now: clock.now,
      monotonicMs: clock.monotonicMs,
      databaseTimeoutMs: 30_000,
      log: { info: () => {}, warn: () => {}, error: () => {} },
    });
    const worker = testSite({
      url: database.url,
      workerId: 'b',
      clock,
      shown: false,
      afterTick: (config) => upkeep.afterTick(config),
    });
    const state = async () => (await direct.db.select().from(telemetryRollupState))[0];
    const isRolledUp = async () => {
      const [newest] = await direct.db.select({ at: max(telemetry.ts) }).from(telemetry);
      return Number((await state())?.rolledTo) > Number(newest?.at);
    };
    // A tick while history is still kept in order starts nothing more; the next one does.
    const tickUntilRolledUp = async () => {
      for (let tries = 0; tries < 30 && !(await isRolledUp()); tries++) {
        clock.pass(2 * HOUR);
        expect(await worker.tick()).toBe('recorded');
        await expect
          .poll(isRolledUp, { timeout: 2000 })
          .toBe(true)
          .catch(() => {});
      }
      expect(await isRolledUp()).toBe(true);
    };
    await record(START - 40 * DAY, START, 300_000);
    await roll();
    try {
      clock.at += 10 * 366 * DAY;
      await worker.tick();
      await tickUntilRolledUp();
      // Pruned for the first time.
      await expect.poll(async () => (await state())?.finalBefore ?? null, { timeout: 20_000 }).not.toBeNull();
      clock.at -= 10 * 366 * DAY;
      await worker.tick();
      await tickUntilRolledUp();
      const rows = (table: typeof telemetry | typeof telemetry1m, from: number, to: number) =>
        direct.db.$count(table, between(table.ts, new Date(from), new Date(to - 1)));
      expect(await rows(telemetry, START - 29 * DAY, START)).toBe((29 * DAY) / 300_000);
      expect(await rows(telemetry1m, START - 40 * DAY, START)).toBe(40 * 1440);
      const since = await direct.db
        .select()
        .from(telemetry1m)
        .where(between(telemetry1m.ts, new Date(START), new Date(START + 100 * DAY)));
      const samples = since.reduce((sum, row) => sum + row.samples, 0);
      expect(samples).toBe(await rows(telemetry, START, START + 100 * DAY));
      expect(samples).toBeGreaterThan(0);
    } finally {
      await upkeep.stop();
      await worker.site.stop();
    }
  });
});

describe('prune', () => {
  const NOW = START + 400 * DAY;

  const oldest = async (table: typeof telemetry | typeof telemetry1m | typeof telemetry15m) => {
    const [row] = await direct.db.select({ ts: table.ts }).from(table).orderBy(asc(table.ts)).limit(1);
    return row ? row.ts.getTime() : null;
  };
  const energy = async () => {
    const rows = await direct.db.select().from(telemetry1d);
    return rows.reduce((sum, row) => sum + (row.pvEnergyWh ?? 0), 0);
  };

  it('keeps each tier as long as it should, and all days for ever', async () => {
    await record(NOW - 400 * DAY, NOW - 399 * DAY, 60_000);
    await record(NOW - 32 * DAY, NOW - 31 * DAY, 60_000);
    await record(NOW - 2 * HOUR, NOW, 60_000);
    await roll();
    const before = await energy();
    const gone = await prune(direct.db, { ownerId: OWNER_ID, retention: DEFAULT_RETENTION, now: NOW });
    expect(gone).toEqual({ raw: 2 * 1440, minutes: 1440, quarters: 0 });
    expect(await oldest(telemetry)).toBe(NOW - 2 * HOUR);
    expect(await oldest(telemetry1m)).toBe(NOW - 32 * DAY);
    expect(await oldest(telemetry15m)).toBe(NOW - 400 * DAY);
    await record(NOW, NOW + HOUR, 60_000);
    await roll();
    expect(await energy()).toBeCloseTo(before + 1000, 0);
    expect(await prune(direct.db, { ownerId: OWNER_ID, retention: DEFAULT_RETENTION, now: NOW })).toEqual({
      raw: 0,
      minutes: 0,
      quarters: 0,
    });
  });

  it('deletes nothing that is not rolled up, and nothing of what is kept for ever', async () => {
    await record(NOW - 40 * DAY, NOW - 40 * DAY + HOUR, 60_000);
    const none = { raw: 0, minutes: 0, quarters: 0 };
    expect(await prune(direct.db, { ownerId: OWNER_ID, retention: DEFAULT_RETENTION, now: NOW })).toEqual(
      none,
    );
    await roll();
    const forever = { rawDays: null, minuteDays: null, quarterDays: null };
    expect(await prune(direct.db, { ownerId: OWNER_ID, retention: forever, now: NOW })).toEqual(none);
    expect(await direct.db.$count(telemetry)).toBe(60);
  });

  it('takes back what it called final by a clock that was ahead', async () => {
    await record(NOW - 2 * HOUR, NOW, 60_000);
    await record(NOW + 900 * DAY, NOW + 900 * DAY + HOUR, 60_000);
    await roll();
    const wrong = { ownerId: OWNER_ID, retention: DEFAULT_RETENTION, now: NOW + 900 * DAY };
    expect(await prune(direct.db, wrong)).toMatchObject({ raw: 120 });
    // As a change of the time zone leaves it by that clock.
    const ahead = new Date(NOW + 900 * DAY);
    await direct.db.update(telemetryRollupState).set({ daysStayBefore: '2029-01-01', countedBefore: ahead });
    await record(NOW + HOUR, NOW + 2 * HOUR, 60_000);
    await roll();
    expect(await prune(direct.db, { ...wrong, now: NOW + 2 * HOUR })).toMatchObject({ raw: 0 });
    await roll();
    // Two hours, one far ahead, and the one since; the newest row of each stands for a minute.
    expect(await energy()).toBeCloseTo(4000, 0);
  });

  it('leaves a day whole when its own rows come late at the edge of what is kept', async () => {
    const keep = { rawDays: 2, minuteDays: 2, quarterDays: 2 };
    await record(NOW - 5 * DAY, NOW, 60_000);
    await roll();
    const before = await energy();
    await prune(direct.db, { ownerId: OWNER_ID, retention: keep, now: NOW });
    await record(NOW - 2 * DAY - 30_000, NOW - 2 * DAY, 60_000);
    await roll();
    expect(await energy()).toBeCloseTo(before, 0);
  });
});
