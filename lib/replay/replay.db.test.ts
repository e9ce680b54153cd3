import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { and, asc, eq, gt } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { decisions, minerProfiles, settingsVersions, telemetry, userPreferences } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { whatIf } from '@/lib/core/replay/what-if';
import { openDevice } from '@/lib/drivers/registry';
import { updateMiner } from '@/lib/miners/mutations';
import { updatePreferences } from '@/lib/preferences/mutations';
import { bundle } from '@/test/bundle';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { backfill } from '../worker/backfill';
import { buildConfig, readSettings } from '../worker/config';
import { takeOver } from '../worker/store';
import { replayDay } from './day';
import { parseReplayPast } from './parse';
import { readReplayPast } from './queries';
import { serialiseReplayPast } from './serialise';
import { settingsAt } from './settings-at';

const who = { ownerId: OWNER_ID, workerId: 'test' };
const author = { ownerId: OWNER_ID, actor: 'test' };
const NOW = Date.UTC(2026, 8, 20, 19, 41, 12);
const DAY_MS = 86_400_000;
const silent = { info: () => {}, warn: () => {}, error: () => {} };

let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, { max: 2, applicationName: 'test' });
  await takeOver(connection, who, NOW);
  const config = buildConfig(await readSettings(connection.db, OWNER_ID, NOW), (device) => device.connection);
  const { signal } = new AbortController();
  await backfill(connection, config, { who, open: openDevice, now: NOW, log: silent, signal });
}, 120_000);
afterAll(async () => {
  await connection.end();
  await database.drop();
});

describe('replayDay', () => {
  it('reproduces every verdict of a day that the worker recorded', async () => {
    const day = await replayDay(connection.db, { ownerId: OWNER_ID, date: '2026-09-16' });
    expect(day?.differences).toEqual([]);
    expect(day?.verdicts).toBe(1440 * 6);
    expect(day?.reproduced).toBe(day?.verdicts);
    expect(day?.report.hours).toBe(24);
    expect(day?.report.loads.some(({ switches }) => switches > 0)).toBe(true);
  });

  it('does so with the settings of that time, whatever was changed since', async () => {
    const { db } = connection;
    const [primary] = await db.select().from(minerProfiles).orderBy(asc(minerProfiles.priorityLevel));
    if (!primary) throw new Error('no miner');
    const before = await settingsAt(db, OWNER_ID, new Set([0]));
    await updateMiner(db, { ...author, id: primary.id, patch: { start_voltage: 55, stop_voltage: 54.9 } });
    await updatePreferences(db, {
      ...author,
      patch: { voltage_at_0_percent: 44.5, max_battery_discharge_percent: 90 },
    });
    expect(await settingsAt(db, OWNER_ID, new Set([0]))).toEqual(before);
    const day = await replayDay(db, { ownerId: OWNER_ID, date: '2026-09-16' });
    expect(day?.differences).toEqual([]);
    await updateMiner(db, { ...author, id: primary.id, patch: { start_voltage: 50, stop_voltage: 47 } });
    await updatePreferences(db, {
      ...author,
      patch: { voltage_at_0_percent: 45, max_battery_discharge_percent: 15 },
    });
  });

  it('notices a log that says something else', async () => {
    const { db } = connection;
    const [change] = await db
      .select()
      .from(decisions)
      .where(gt(decisions.ts, new Date(Date.UTC(2026, 8, 17, 12))))
      .orderBy(asc(decisions.ts))
      .limit(1);
    if (!change) throw new Error('no decision');
    const forged = change.verdict === 'LOCKED_OUT' ? 'WAIT' : 'LOCKED_OUT';
    await db.update(decisions).set({ verdict: forged }).where(eq(decisions.id, change.id));
    // In California, seven hours behind.
    const date = new Date(change.ts.getTime() - 7 * 3_600_000).toISOString().slice(0, 10);
    const day = await replayDay(db, { ownerId: OWNER_ID, date });
    expect(day?.reproduced).toBeLessThan(day?.verdicts ?? 0);
    expect(day?.differences[0]).toContain(
      `${change.ts.toISOString()} ${change.loadName}: recorded ${forged}`,
    );
    await db.update(decisions).set({ verdict: change.verdict }).where(eq(decisions.id, change.id));
  });

  it('has nothing to say of a day without rows', async () => {
    expect(await replayDay(connection.db, { ownerId: OWNER_ID, date: '2020-01-01' })).toBeNull();
  });
});

describe('npm run replay', () => {
  const replay = (program: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [program, ...args], {
      env: { ...process.env, DATABASE_URL: database.url },
    });

  it('says that a recorded day comes out as it was, and fails where there is none', async () => {
    const program = await bundle('lib/launcher/replay.ts');
    const { stdout } = await replay(program, '--day', '2026-09-16');
    expect(stdout).toBe('2026-09-16: 1440 ticks, 8640 of 8640 verdicts reproduced (100 %)\n');
    await expect(replay(program, '--day', '2020-01-01')).rejects.toMatchObject({
      code: 1,
      stderr: 'Database: the one in DATABASE_URL\nNothing was recorded on 2020-01-01.\n',
    });
  });
});

describe('the history of a what-if', () => {
  const read = async () => {
    const range = { ownerId: OWNER_ID, from: NOW - 30 * DAY_MS, to: NOW };
    const past = await readReplayPast(connection.db, range);
    if (past === null) throw new Error('no past');
    return parseReplayPast(serialiseReplayPast(past));
  };

  it('is what was recorded, minute by minute', async () => {
    const rows = await connection.db.select().from(telemetry).orderBy(asc(telemetry.ts));
    const { history, config } = await read();
    expect(history.at).toHaveLength(rows.length);
    const noon = rows.findIndex((row) => (row.pvW ?? 0) > 5000);
    const row = rows[noon];
    const tick = row?.tick as { date: string; minute: number };
    expect(history.at[noon]).toBe(row?.ts.getTime());
    expect(history.pvW[noon]).toBe(row?.pvW);
    expect(history.packVoltageV[noon]).toBeCloseTo(row?.packVoltageV ?? 0, 3);
    const local = new Date((history.at[noon] ?? 0) + (history.utcOffsetMinutes[noon] ?? 0) * 60_000);
    expect(local.toISOString().slice(0, 10)).toBe(tick.date);
    expect(local.getUTCHours() * 60 + local.getUTCMinutes()).toBe(tick.minute);
    expect(Object.keys(history.loads)).toHaveLength(6);
    expect(Object.keys(history.zones)).toHaveLength(2);
    const [stored] = await connection.db.select().from(userPreferences);
    expect(config.preferences.voltageAt0Percent).toBe(stored?.voltageAt0Percent);
    expect(config.zones[0]?.heatingPriority1).toBeDefined();
    expect(config.miners).toHaveLength(2);
  });

  it('gives the log back within its stated error, and is held against it only where settings are the same', async () => {
    const { history, config } = await read();
    // The settings were changed, and changed back, after the last of these rows.
    expect(whatIf(history, config, config).error).toBeNull();
    const since = { ...history, comparableFrom: history.at[0] ?? 0 };
    const { error, today } = whatIf(since, config, config);
    expect(error?.voltageMeanAbsV).toBeLessThan(0.2);
    expect(Math.abs(error?.kwh ?? 99)).toBeLessThan(0.1 * (error?.loggedKwh ?? 0));
    expect(today.minedKwh).toBeGreaterThan(20);
  });

  it('can be held against the log where nothing was changed since', async () => {
    await connection.db
      .delete(settingsVersions)
      .where(and(eq(settingsVersions.userId, OWNER_ID), gt(settingsVersions.id, 0)));
    expect((await read()).history.comparableFrom).not.toBeNull();
  });

  it('knows nothing where nothing was recorded', async () => {
    const range = { ownerId: OWNER_ID, from: NOW - 400 * DAY_MS, to: NOW - 390 * DAY_MS };
    expect(await readReplayPast(connection.db, range)).toBeNull();
  });
});
