import { asc, isNull } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { alerts, users } from '@/db/schema';
import type { AlertCondition } from '@/lib/core/types';
import { AppError } from '@/lib/errors';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { acknowledgeAlert, reconcileAlerts } from './mutations';

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

const idOfOpen = async () =>
  (await connection.db.select().from(alerts).where(isNull(alerts.clearedAt)))[0]?.id ?? '';

const acknowledge = (id: string, minute: number, acknowledged = true) =>
  acknowledgeAlert(connection.db, { ownerId, actor: 'owner', id, acknowledged, now: at(minute) });

/** The minutes at which each alert was acknowledged, in the order in which they were raised. */
async function acknowledgements() {
  const rows = await connection.db.select().from(alerts).orderBy(asc(alerts.raisedAt));
  return rows.map(({ acknowledgedAt }) => acknowledgedAt?.getUTCMinutes() ?? null);
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

  it('raises anew what has become more serious, so that it is not quiet any more', async () => {
    await reconcileAlerts(connection.db, { ownerId, at: at(0), conditions: [low] });
    await acknowledge(await idOfOpen(), 1);
    await reconcileAlerts(connection.db, {
      ownerId,
      at: at(2),
      conditions: [{ ...low, severity: 'critical' }],
    });
    expect(await history()).toEqual([
      ['battery-low', 0, 2],
      ['battery-low', 2, null],
    ]);
    expect(await acknowledgements()).toEqual([1, null]);
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

describe('acknowledgeAlert', () => {
  it('lasts while the condition stands, and a condition that returns is new', async () => {
    const tell = (minute: number, conditions: readonly AlertCondition[]) =>
      reconcileAlerts(connection.db, { ownerId, at: at(minute), conditions });
    await tell(0, [low]);
    await acknowledge(await idOfOpen(), 1);
    await tell(2, [low]);
    expect(await history()).toEqual([['battery-low', 0, null]]);
    expect(await acknowledgements()).toEqual([1]);
    await tell(3, []);
    await tell(4, [low]);
    expect(await acknowledgements()).toEqual([1, null]);
  });

  it('counts the first time, can be taken back, and does not touch what is cleared', async () => {
    await reconcileAlerts(connection.db, { ownerId, at: at(0), conditions: [low] });
    const id = await idOfOpen();
    await acknowledge(id, 1);
    expect((await acknowledge(id, 2)).acknowledgedAt).toEqual(new Date(at(1)));
    expect(await acknowledge(id, 3, false)).toMatchObject({ acknowledgedAt: null, acknowledgedBy: null });
    await reconcileAlerts(connection.db, { ownerId, at: at(4), conditions: [] });
    expect((await acknowledge(id, 5)).acknowledgedAt).toBeNull();
  });

  it('knows no alert of another owner', async () => {
    const [other] = await connection.db.insert(users).values({ email: 'third@example.org' }).returning();
    await reconcileAlerts(connection.db, { ownerId: other?.id ?? '', at: at(0), conditions: [low] });
    await expect(acknowledge(await idOfOpen(), 1)).rejects.toBeInstanceOf(AppError);
    expect(await acknowledgements()).toEqual([null]);
  });
});
