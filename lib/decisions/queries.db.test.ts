import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { decisions, users } from '@/db/schema';
import type { Verdict } from '@/lib/core/types';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { getDecision, listDecisions, readLastVerdicts } from './queries';

const NOON = Date.UTC(2026, 5, 1, 19, 0);
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
  const told = (second: number, loadId: string, verdict: Verdict, userId = ownerId) => ({
    userId,
    ts: new Date(NOON + second * 1000),
    loadId,
    loadName: loadId,
    kind: 'miner' as const,
    verdict,
    sentence: `${loadId} ${verdict}`,
    explanation: {
      loadId,
      verdict,
      binding: null,
      sentence: '',
      gates: [],
      flip: { kind: 'none' as const, until: null, text: '' },
    },
    configVersion: 1,
    kernelVersion: 'test',
    simulated: false,
  });
  await connection.db
    .insert(decisions)
    .values([
      told(0, 'miner:a', 'WAIT'),
      told(0, 'miner:b', 'WAIT'),
      told(10, 'miner:a', 'START'),
      told(20, 'miner:a', 'KEEP_RUNNING'),
      told(20, 'miner:b', 'START'),
      told(30, 'miner:a', 'STOP', otherId),
    ]);
});
afterAll(async () => {
  await connection.end();
  await database.drop();
});

const brief = (rows: { loadId: string; verdict: string }[]) =>
  rows.map((row) => `${row.loadId.slice(6)} ${row.verdict}`);

describe('listDecisions', () => {
  it('gives the owner’s changes, newest first', async () => {
    expect(brief(await listDecisions(connection.db, { ownerId, limit: 200 }))).toEqual([
      'b START',
      'a KEEP_RUNNING',
      'a START',
      'b WAIT',
      'a WAIT',
    ]);
  });

  it('narrows by load and verdict', async () => {
    expect(brief(await listDecisions(connection.db, { ownerId, loadId: 'miner:b', limit: 200 }))).toEqual([
      'b START',
      'b WAIT',
    ]);
    expect(brief(await listDecisions(connection.db, { ownerId, verdict: 'START', limit: 200 }))).toEqual([
      'b START',
      'a START',
    ]);
  });

  it('narrows by time, from inclusive to exclusive', async () => {
    const between = { from: NOON + 10_000, to: NOON + 20_000 };
    expect(brief(await listDecisions(connection.db, { ownerId, ...between, limit: 200 }))).toEqual([
      'a START',
    ]);
  });

  it('pages without losing or repeating one of several at the same moment', async () => {
    const seen: string[] = [];
    let before: { at: number; id: number } | undefined;
    for (;;) {
      const page = await listDecisions(connection.db, { ownerId, limit: 1, ...(before && { before }) });
      const [row] = page;
      if (!row) break;
      seen.push(...brief(page));
      before = { at: row.ts.getTime(), id: row.id };
    }
    expect(seen).toEqual(['b START', 'a KEEP_RUNNING', 'a START', 'b WAIT', 'a WAIT']);
  });
});

describe('getDecision', () => {
  it('finds one of the owner’s, and none of another’s', async () => {
    const [mine] = await listDecisions(connection.db, { ownerId, limit: 1 });
    const [theirs] = await listDecisions(connection.db, { ownerId: otherId, limit: 1 });
    expect(await getDecision(connection.db, { ownerId, id: mine?.id ?? -1 })).toEqual(mine);
    expect(await getDecision(connection.db, { ownerId, id: theirs?.id ?? -1 })).toBeNull();
  });
});

describe('readLastVerdicts', () => {
  it('knows what each load was told last', async () => {
    expect(await readLastVerdicts(connection.db, ownerId)).toEqual(
      new Map([
        ['miner:a', 'KEEP_RUNNING'],
        ['miner:b', 'START'],
      ]),
    );
  });
});
