import { afterAll, beforeAll, expect, it } from 'vitest';
import { crashRounds } from '@/test/crash/rounds';
import { createTestDatabase, type TestDatabase } from '@/test/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('kill -9 inside a command neither doubles an on nor loses an off', async () => {
  const figures = await crashRounds({ url: database.url, kills: 3, seed: 11 });
  console.log(JSON.stringify(figures));
  expect(figures).toMatchObject({ onsTwice: 0, offsLost: 0, unaccounted: 0 });
  expect(figures.insideCommand).toBeGreaterThanOrEqual(3);
}, 240_000);
