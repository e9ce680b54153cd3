import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { type Connection, connect } from '@/db/client';
import { curveProblem } from '@/lib/core/curve';
import { OWNER_ID } from '@/lib/core/defaults';
import { AppError } from '@/lib/errors';
import { updateZone } from '@/lib/hvac/mutations';
import { listZones } from '@/lib/hvac/queries';
import { zonePatch } from '@/lib/hvac/schema';
import { updateMiner } from '@/lib/miners/mutations';
import { listMiners } from '@/lib/miners/queries';
import { minerPatch } from '@/lib/miners/schema';
import { updatePreferences } from '@/lib/preferences/mutations';
import { getPreferences } from '@/lib/preferences/queries';
import { preferencesPatch } from '@/lib/preferences/schema';
import { parseInput } from '@/lib/validate';
import { createTestDatabase, type TestDatabase } from '@/test/database';

const author = { ownerId: OWNER_ID, actor: 'tester' };
let database: TestDatabase;
let connection: Connection;
let db: Connection['db'];

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, { max: 2, applicationName: 'test' });
  db = connection.db;
});
afterAll(async () => {
  await connection.end();
  await database.drop();
});

/** Numbers that crowd around the limits and each other, some with more digits than a column holds. */
const number = fc.oneof(
  fc.integer({ min: 4200, max: 5900 }).map((value) => value / 100),
  fc.integer({ min: -100, max: 500 }).map((value) => value / 10),
  fc.integer({ min: -2, max: 25 }),
  fc.double({ min: -70, max: 160, noNaN: true }),
  fc.constantFrom(49.999999999, 44.000000001, 1e308, 5e-324, -0, 2 ** 31, 2 ** 53),
);
const point = fc.record({ soc: fc.integer({ min: -1, max: 101 }), voltage: number });
const line = fc.tuple(number, number).map(([from, to]) => [
  { soc: 0, voltage: from },
  { soc: 100, voltage: to },
]);
const value = fc.oneof(
  { weight: 8, arbitrary: number },
  { weight: 2, arbitrary: fc.oneof(fc.array(point, { maxLength: 4 }), line) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      null,
      '',
      ' ',
      '47',
      'heater',
      'auto',
      'balanced',
      'Europe/Berlin',
      true,
      {},
      OWNER_ID,
    ),
  },
);
/** Values of a field's own kind; without them nearly every patch would be refused for its shape alone. */
const range = (from: number, to: number, step: number) =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => Number((from + i * step).toFixed(2)));
const curveFrom = (at0V: number, at100V: number) => [
  { soc: 0, voltage: at0V },
  { soc: 60, voltage: 52 },
  { soc: 100, voltage: at100V },
];
const PLAUSIBLE: readonly unknown[] = [
  ...range(43, 59, 0.25),
  ...range(-5, 45, 2.5),
  ...range(0, 24, 1),
  ...['heater', 'miner', 'none', 'auto', 'balanced', 'metric', 'UTC', 'a name', null, true, false],
  ...[curveFrom(45, 56), curveFrom(44, 56), curveFrom(45, 57)],
];
type Shape = Readonly<Record<string, z.ZodType>>;

const patchOf = (shape: Shape) => {
  const field = fc.constantFrom(...Object.keys(shape)).chain((name) => {
    const fitting = PLAUSIBLE.filter((candidate) => shape[name]?.safeParse(candidate).success);
    const arbitrary = fitting.length > 0 ? fc.constantFrom(...fitting) : value;
    return fc.tuple(fc.constant(name), fc.oneof({ weight: 5, arbitrary }, { weight: 1, arbitrary: value }));
  });
  const foreign = fc.tuple(fc.constantFrom('id', 'user_id', '__proto__', 'nonsense'), value);
  return fc
    .array(fc.oneof({ weight: 20, arbitrary: field }, { weight: 1, arbitrary: foreign }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((entries) => Object.fromEntries(entries));
};

/** The stored rows and their history, as PostgreSQL prints them. */
async function dump(table: string): Promise<string> {
  const rows = await connection.sql.unsafe(`select t::text as row from ${table} t order by t::text`);
  const [versions] = await connection.sql`select count(*)::int as count from settings_versions`;
  return JSON.stringify([rows, versions]);
}

/** Each patch is taken, with one version more, or refused as ours with nothing changed. Returns how many were taken. */
async function tryPatches(options: {
  table: string;
  shape: Shape;
  apply: (patch: Record<string, unknown>) => Promise<unknown>;
  holds: () => Promise<void>;
}): Promise<number> {
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(patchOf(options.shape), async (patch) => {
      const before = await dump(options.table);
      try {
        await options.apply(patch);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
        expect(await dump(options.table)).toBe(before);
        return;
      }
      taken++;
      await options.holds();
    }),
    { numRuns: 300 },
  );
  return taken;
}

test('preferences: any patch is taken whole and right, or refused and nothing is changed', async () => {
  const taken = await tryPatches({
    table: 'user_preferences',
    shape: preferencesPatch.shape,
    apply: (patch) => updatePreferences(db, { ...author, patch: parseInput(preferencesPatch, patch) }),
    holds: async () => {
      const row = await getPreferences(db, OWNER_ID);
      if (row === null) throw new Error('no preferences');
      if (row.voltageCurve === null) return;
      expect(curveProblem(row.voltageCurve, row.voltageAt0Percent, row.voltageAt100Percent)).toBeNull();
    },
  });
  expect(taken).toBeGreaterThan(10);
}, 60_000);

test('miners: any patch is taken whole and right, or refused and nothing is changed', async () => {
  const [miner] = await listMiners(db, OWNER_ID);
  if (miner === undefined) throw new Error('no miner');
  const taken = await tryPatches({
    table: 'miner_profiles',
    shape: minerPatch.shape,
    apply: (patch) => updateMiner(db, { ...author, id: miner.id, patch: parseInput(minerPatch, patch) }),
    holds: async () => {
      const row = (await listMiners(db, OWNER_ID)).find((other) => other.id === miner.id);
      expect(row?.zoneId ?? null).not.toBe(OWNER_ID);
    },
  });
  expect(taken).toBeGreaterThan(10);
}, 60_000);

test('zones: any patch is taken whole and right, or refused and nothing is changed', async () => {
  const [zone] = await listZones(db, OWNER_ID);
  if (zone === undefined) throw new Error('no zone');
  const taken = await tryPatches({
    table: 'hvac_zones',
    shape: zonePatch.shape,
    apply: (patch) => updateZone(db, { ...author, id: zone.id, patch: parseInput(zonePatch, patch) }),
    holds: async () => {
      const row = (await listZones(db, OWNER_ID)).find((other) => other.id === zone.id);
      if (row === undefined) throw new Error('the zone is gone');
      const { tempColdOk, blockChargingBelowTemp } = row;
      if (tempColdOk !== null && blockChargingBelowTemp !== null)
        expect(tempColdOk).toBeGreaterThanOrEqual(blockChargingBelowTemp + 2);
    },
  });
  expect(taken).toBeGreaterThan(10);
}, 60_000);
