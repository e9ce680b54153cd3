import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { commands, controlState, decisions, devices, minerProfiles, telemetry } from '@/db/schema';
import { decide } from '@/lib/core/decide';
import { OWNER_ID } from '@/lib/core/defaults';
import type { KernelConfig, Memory, Verdict } from '@/lib/core/types';
import { openDevice } from '@/lib/drivers/registry';
import { fromTelemetryRow } from '@/lib/telemetry/row';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { backfill } from './backfill';
import { buildConfig, readSettings, sameIfEqual } from './config';
import { takeOver } from './store';

const who = { ownerId: OWNER_ID, workerId: 'test' };
const NOW = Date.UTC(2026, 8, 20, 19, 41, 12);
const silent = { info: () => {}, warn: () => {}, error: () => {} };

let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, { max: 2, applicationName: 'test' });
});
afterAll(async () => {
  await connection.end();
  await database.drop();
});

async function run(signal = new AbortController().signal) {
  await takeOver(connection, who, NOW);
  const config = buildConfig(await readSettings(connection.db, OWNER_ID, NOW), (device) => device.connection);
  return await backfill(connection, config, { who, open: openDevice, now: NOW, log: silent, signal });
}

describe('backfill', () => {
  it('leaves nothing behind when it is interrupted', async () => {
    const stop = new AbortController();
    stop.abort();
    await expect(run(stop.signal)).rejects.toThrow();
    expect(await connection.db.$count(telemetry)).toBe(0);
    expect(await connection.db.$count(decisions)).toBe(0);
    const [state] = await connection.db.select().from(controlState);
    expect(state?.memory).toBeNull();
  });

  it('gives a simulated site seven days in seconds, decided and switched as live', async () => {
    const startedMs = performance.now();
    const inheritance = await run();
    const tookMs = performance.now() - startedMs;
    console.log(`back-fill took ${Math.round(tookMs)} ms`);
    expect(tookMs).toBeLessThan(60_000);

    const rows = await connection.db.select().from(telemetry).orderBy(asc(telemetry.ts));
    expect(rows).toHaveLength(7 * 1440 + 1);
    expect(rows.every((row) => row.simulated && row.packVoltageV !== null && row.pvW !== null)).toBe(true);
    expect(rows.at(-1)?.ts.getTime()).toBe(Math.floor(NOW / 60_000) * 60_000);
    const minutes = rows.slice(1).map((row, i) => row.ts.getTime() - (rows[i]?.ts.getTime() ?? 0));
    expect(new Set(minutes)).toEqual(new Set([60_000]));

    const changes = await connection.db
      .select()
      .from(decisions)
      .orderBy(asc(decisions.ts), asc(decisions.id));
    expect(changes.length).toBeGreaterThan(20);
    for (const loadId of new Set(changes.map((change) => change.loadId))) {
      const own = changes.filter((change) => change.loadId === loadId);
      expect(own[0]?.previousVerdict, loadId).toBeNull();
      for (const [i, change] of own.slice(1).entries()) {
        expect(change.previousVerdict, loadId).toBe(own[i]?.verdict);
        expect(change.verdict, loadId).not.toBe(change.previousVerdict);
      }
      expect(inheritance?.lastVerdicts.get(loadId)).toBe(own.at(-1)?.verdict);
    }
    expect(
      changes.every((change) => change.simulated && change.sentence !== '' && change.explanation.gates),
    ).toBe(true);

    const ledger = await connection.db.select().from(commands);
    console.log(`${ledger.length} commands in 7 days`);
    expect(ledger.length).toBeGreaterThan(20);
    expect(ledger.every((command) => command.simulated && command.attempts > 0)).toBe(true);
    expect(ledger.filter(({ state }) => state === 'observed').length).toBeGreaterThan(0.9 * ledger.length);
    const newest = new Map(inheritance?.commands.newest.map((command) => [command.loadId, command]));
    for (const command of ledger.filter(({ endedAt }) => endedAt === null)) {
      expect(newest.get(command.loadId)?.id).toBe(command.id);
    }

    // The live worker counts on from the switches of the past, not from its own first look.
    const { loads = {}, at = 0 } = inheritance?.lastSeen ?? {};
    expect(at).toBe(rows.at(-1)?.ts.getTime());
    const states = rows.map((row) => fromTelemetryRow(row).snapshot.loads);
    for (const [loadId, { state, sinceMs }] of Object.entries(loads)) {
      const other = states.findLastIndex((then) => then[loadId]?.state !== state);
      const changedAt = rows[other + 1]?.ts.getTime() ?? 0;
      if (other < 0) expect(sinceMs, loadId).toBeNull();
      else expect(Math.abs((sinceMs ?? 0) - changedAt), loadId).toBeLessThan(60_000);
    }

    const miners = await connection.db.select().from(minerProfiles);
    expect(miners.some((miner) => miner.lastStartedAt !== null)).toBe(true);
    expect(miners.every((miner) => miner.totalRuntimeHours === 0)).toBe(true);
    const kept = await connection.db.select({ state: devices.driverState }).from(devices);
    expect(kept.some(({ state }) => state !== null)).toBe(true);
  }, 90_000);

  it('replays from its rows to the same verdicts, and to the memory it ended with', async () => {
    const rows = await connection.db.select().from(telemetry).orderBy(asc(telemetry.ts));
    const stored = await readSettings(connection.db, OWNER_ID, NOW);
    const { kernel } = buildConfig(stored, (device) => device.connection);
    const recorded = await connection.db
      .select()
      .from(decisions)
      .orderBy(asc(decisions.ts), asc(decisions.id));

    const replayed: string[] = [];
    const verdicts = new Map<string, Verdict>();
    let memory: Memory | null = null;
    let config: KernelConfig | null = null;
    for (const row of rows) {
      const logged = fromTelemetryRow(row);
      config = sameIfEqual(config, { ...kernel, ...logged.config });
      if (row.memory) {
        // Wherever a replay may begin, one that came from further back must agree.
        if (memory) expect(row.memory).toEqual(JSON.parse(JSON.stringify(memory)));
        memory = row.memory as Memory;
      }
      if (!memory) throw new Error('the first row carries no memory');
      const result = decide({ snapshot: logged.snapshot, config, memory });
      memory = result.memory;
      for (const { loadId, verdict, binding } of result.decisions) {
        if (verdicts.get(loadId) === verdict) continue;
        verdicts.set(loadId, verdict);
        replayed.push(`${row.ts.toISOString()} ${loadId} ${verdict} ${binding}`);
      }
    }
    expect(replayed).toEqual(
      recorded.map((row) => `${row.ts.toISOString()} ${row.loadId} ${row.verdict} ${row.bindingGate}`),
    );
    const [state] = await connection.db.select().from(controlState);
    expect(JSON.parse(JSON.stringify(memory))).toEqual(state?.memory);
    expect(rows.filter((row) => row.memory !== null)).toHaveLength(8);
  }, 60_000);

  it('is not repeated on a site that has a past of its own', async () => {
    expect(await run()).toBeNull();
  });
});
