import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '@/db/client';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { createLeader, type Leader } from './leader';

const OWNER = 'a0000000-0000-0000-0000-000000000001';
let database: TestDatabase;
let admin: postgres.Sql;
const leaders: Leader[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  admin = postgres(database.url, { max: 1, onnotice: () => {} });
});
afterEach(async () => {
  for (const leader of leaders.splice(0)) await leader.resign();
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

function candidate(name: string, ownerId = OWNER): Leader {
  const leader = createLeader({
    open: () => openSession(database.url, { applicationName: name }),
    ownerId,
    timeoutMs: 2000,
  });
  leaders.push(leader);
  return leader;
}

/** A session that the server ended is found out by whoever uses it next, now or one check later. */
async function checkAgain(leader: Leader) {
  const found = await leader.check();
  return found === 'unreachable' ? leader.check() : found;
}

const terminate = (name: string) =>
  admin`select pg_terminate_backend(pid, 2000) from pg_stat_activity where application_name = ${name} and datname = current_database()`;

describe('leader', () => {
  it('is exactly one, however many ask at once', async () => {
    const candidates = Array.from({ length: 8 }, (_, i) => candidate(`leader-${i}`));
    const first = await Promise.all(candidates.map((leader) => leader.check()));
    expect(first.filter((state) => state === 'won')).toHaveLength(1);
    expect(first.filter((state) => state === 'standby')).toHaveLength(7);
    const second = await Promise.all(candidates.map((leader) => leader.check()));
    expect(second.indexOf('leading')).toBe(first.indexOf('won'));
    expect(second.filter((state) => state === 'standby')).toHaveLength(7);
  });

  it('may be one for each owner', async () => {
    expect(await candidate('one').check()).toBe('won');
    expect(await candidate('two', 'b0000000-0000-0000-0000-000000000002').check()).toBe('won');
  });

  it('hands over when it resigns', async () => {
    const [a, b] = [candidate('a'), candidate('b')];
    expect([await a.check(), await b.check()]).toEqual(['won', 'standby']);
    await a.resign();
    expect(await b.check()).toBe('won');
    expect(await a.check()).toBe('standby');
  });

  it('knows that it lost the lead with its session, and does not count as the same leader after it', async () => {
    const [a, b] = [candidate('first'), candidate('second')];
    expect([await a.check(), await a.check(), await b.check()]).toEqual(['won', 'leading', 'standby']);
    await terminate('first');
    expect(await b.check()).toBe('won');
    expect(await checkAgain(a)).toBe('standby');
    await terminate('second');
    expect(await checkAgain(b)).toBe('won');
  });

  it('says that it cannot tell while the database is gone', async () => {
    const nowhere = createLeader({
      open: () => openSession('postgres://nobody@127.0.0.1:1/none', { applicationName: 'x' }),
      ownerId: OWNER,
      timeoutMs: 500,
    });
    expect(await nowhere.check()).toBe('unreachable');
    await nowhere.resign();
  });
});
