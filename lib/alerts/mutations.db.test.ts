import { asc } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { alerts, users } from '@/db/schema';
import type { AlertCondition } from '@/lib/core/types';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { reconcileAlerts } from './mutations';

let database: TestDatabase;
let connection: Connection;
let ownerId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, { max: 2, applicationName: 'test' });
  const [user] = await connection.db.insert(users).values({ email: 'alerts@example.org' }).returning();
  ownerId = user?.id ?? '';
});
beforeEach(() => connection.db.delete(alerts));
afterAll(async () => {
  await connection.end();
  await database.drop();
});

const low: AlertCondition = { key: 'battery-low', severity: 'warning', text: 'The battery is low: 46.9 V.' };
const lost: AlertCondition = { key: 'voltage-lost', severity: 'critical', text: 'No voltage.' };
const at = (minute: number) => Date.UTC(2026, 5, 1, 12, minute);

async function history() {
  const rows = await connection.db.select().from(alerts).orderBy(asc(alerts.raisedAt), asc(alerts.key));
  return rows.map(({ key, raisedAt, clearedAt }) => [
    key,
    raisedAt.getUTCMinutes(),
    clearedAt?.getUTCMinutes() ?? null,
  ]);
}

describe('reconcileAlerts', () => {
  it('raises once and clears once, however often a condition is told', async () => {
    const told = [
      [low],
      [{ ...low, text: 'The battery is low: 46.8 V.' }],
      [low, lost],
      [lost],
      [],
      [],
      [low],
    ];
    for (const [minute, conditions] of told.entries()) {
      await reconcileAlerts(connection.db, { ownerId, at: at(minute), conditions });
    }
    expect(await history()).toEqual([
      ['battery-low', 0, 3],
      ['voltage-lost', 2, 4],
      ['battery-low', 6, null],
    ]);
  });

  it('leaves the alerts of others alone', async () => {
    const [other] = await connection.db.insert(users).values({ email: 'other@example.org' }).returning();
    await reconcileAlerts(connection.db, { ownerId: other?.id ?? '', at: at(0), conditions: [lost] });
    await reconcileAlerts(connection.db, { ownerId, at: at(1), conditions: [] });
    expect(await history()).toEqual([['voltage-lost', 0, null]]);
  });

  it('does not raise the same condition twice when two tell it at once', async () => {
    await Promise.all(
      [1, 2, 3, 4].map(() => reconcileAlerts(connection.db, { ownerId, at: at(0), conditions: [lost] })),
    );
    expect(await history()).toEqual([['voltage-lost', 0, null]]);
  });
});
