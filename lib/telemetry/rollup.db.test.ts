import { eq, lt, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { telemetry, telemetry1d, telemetry1m, telemetry15m, telemetryRollupState, users } from '@/db/schema';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { noteRecorded, rollUp, rollUpPortion } from './rollup';
import { type ExpectedBucket, expectedBuckets, type Sample } from './rollup.case';

const LOS_ANGELES = 'America/Los_Angeles';
const NOON = Date.UTC(2026, 5, 1, 19, 0);
const HOUR = 3_600_000;

let database: TestDatabase;
let connection: Connection;
let ownerId = '';

beforeAll(async () => {
  database = await createTestDatabase();
  connection = connect(database.url, { max: 3, applicationName: 'test' });
  const [owner] = await connection.db.insert(users).values({ email: 'one@example.org' }).returning();
  ownerId = owner?.id ?? '';
});
beforeEach(clear);
afterAll(async () => {
  await connection.end();
  await database.drop();
});

async function clear(): Promise<void> {
  for (const table of [telemetry, telemetry1m, telemetry15m, telemetry1d, telemetryRollupState]) {
    await connection.db.delete(table);
  }
}

async function record(samples: readonly Sample[]): Promise<void> {
  if (samples.length === 0) return;
  await connection.db.transaction(async (tx) => {
    for (let i = 0; i < samples.length; i += 1000) {
      await tx.insert(telemetry).values(
        samples.slice(i, i + 1000).map(({ at, stepSeconds, loads, ...row }) => ({
          ...row,
          userId: ownerId,
          ts: new Date(at),
          loads,
          tick: { seconds: stepSeconds },
          configVersion: 1,
        })),
      );
    }
    await noteRecorded(tx, ownerId, new Date(Math.min(...samples.map(({ at }) => at))));
  });
}

const roll = (timeZone = LOS_ANGELES) =>
  rollUp(connection.db, { ownerId, timeZone, full: { floatV: 55, tailA: 45 } });

const sample = (at: number, more: Partial<Sample> = {}): Sample => ({
  at,
  stepSeconds: 10,
  packVoltageV: 52,
  pvW: 3600,
  batteryPowerW: 0,
  gridW: 0,
  loads: {},
  simulated: false,
  ...more,
});

/** Every ten seconds, from inclusive to exclusive. */
const steady = (from: number, to: number, more: Partial<Sample> = {}) =>
  Array.from({ length: (to - from) / 10_000 }, (_, i) => sample(from + i * 10_000, more));

const every = (seconds: number, from: number, to: number) =>
  Array.from({ length: (to - from) / (seconds * 1000) }, (_, i) =>
    sample(from + i * seconds * 1000, { stepSeconds: seconds }),
  );

/** A quarter an hour, from inclusive to exclusive. */
async function everyHour(from: number, to: number): Promise<void> {
  await connection.db.execute(sql`
    insert into telemetry_15m (user_id, ts, simulated, samples, covered_seconds, pv_seconds, load_seconds, battery_seconds,
      grid_seconds, full_seconds, throttled_seconds)
    select ${ownerId}, ts, false, 1, 900, 0, 0, 0, 0, 0, 0
    from generate_series(${new Date(from).toISOString()}::timestamptz, ${new Date(to - 1).toISOString()}::timestamptz,
      interval '1 hour') ts`);
}

const localDay = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  return (at: number) => format.format(at);
};
const floor = (minutes: number) => (at: number) =>
  new Date(Math.floor(at / (minutes * 60_000)) * minutes * 60_000).toISOString();

type Row = typeof telemetry1m.$inferSelect | typeof telemetry1d.$inferSelect;

function expectSame(rows: readonly Row[], expected: ReadonlyMap<string, ExpectedBucket>): void {
  const keyOf = (row: Row) => `${'day' in row ? row.day : row.ts.toISOString()} ${row.simulated}`;
  expect(rows.map(keyOf).sort()).toEqual([...expected.keys()].sort());
  const close = (got: number | null, wanted: number | null, what: string, slack = 0) => {
    if (got === null || wanted === null) expect(got, what).toBe(wanted);
    else expect(Math.abs(got - wanted), what).toBeLessThanOrEqual(1e-3 + slack + Math.abs(wanted) * 1e-5);
  };
  for (const row of rows) {
    const key = keyOf(row);
    const { loads, ...measures } = expected.get(key) ?? expect.unreachable(key);
    for (const name of [
      'coveredSeconds',
      'samples',
      'packVoltageMinV',
      'packVoltageMaxV',
      'pvSeconds',
      'pvEnergyWh',
      'batteryInEnergyWh',
      'batteryOutEnergyWh',
      'importEnergyWh',
      'exportEnergyWh',
    ] as const) {
      close(row[name], measures[name], `${key} ${name}`);
    }
    expect(Object.keys(row.loads).sort(), key).toEqual(Object.keys(loads).sort());
    for (const [id, load] of Object.entries(loads)) {
      for (const name of ['on', 'unknown', 'metered', 'wh', 'starts', 'stops'] as const) {
        close(row.loads[id]?.[name] ?? 0, load[name], `${key} ${id} ${name}`, load.on / 60 / 1000);
      }
    }
  }
}

const minutes = () => connection.db.select().from(telemetry1m).orderBy(telemetry1m.ts);
const quarters = () => connection.db.select().from(telemetry15m).orderBy(telemetry15m.ts);
const days = () => connection.db.select().from(telemetry1d).orderBy(telemetry1d.day);

async function expectReference(samples: readonly Sample[], timeZone = LOS_ANGELES): Promise<void> {
  expectSame(await minutes(), expectedBuckets(samples, floor(1)));
  expectSame(await quarters(), expectedBuckets(samples, floor(15)));
  expectSame(await days(), expectedBuckets(samples, localDay(timeZone)));
}

const watts = fc.option(fc.integer({ min: -9000, max: 9000 }), { nil: null, freq: 6 });
const load = fc.record(
  { state: fc.constantFrom('on', 'off', 'off', 'ramping', 'unknown'), w: fc.integer({ min: 0, max: 4000 }) },
  { requiredKeys: ['state'] },
);
const samples = fc
  .record({
    // Around midnight in Los Angeles, on the day the clock goes back.
    start: fc.integer({ min: 0, max: 4 * 3600 }).map((s) => Date.UTC(2026, 10, 1, 5) + s * 1000),
    steps: fc.array(
      fc.record({
        aheadS: fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(10, 10, 10, 11, 20) },
          { weight: 2, arbitrary: fc.integer({ min: 1, max: 4000 }) },
          { weight: 1, arbitrary: fc.integer({ min: 1, max: 60 * 3600 }) },
        ),
        stepSeconds: fc.constantFrom(10, 10, 10, 60, 300),
        packVoltageV: fc.option(fc.double({ min: 44, max: 58, noNaN: true }), { nil: null, freq: 8 }),
        pvW: watts,
        batteryPowerW: watts,
        gridW: watts,
        loads: fc.dictionary(fc.constantFrom('miner:a', 'heater:b'), load, { maxKeys: 2 }),
        simulated: fc.constantFrom(false, false, false, true),
      }),
      { minLength: 1, maxLength: 60 },
    ),
  })
  .map(({ start, steps }) => {
    let at = start;
    return steps.map(({ aheadS, ...rest }): Sample => {
      at += aheadS * 1000;
      return { at, ...rest };
    });
  });

describe('rollUp', () => {
  it('equals the plain reference, whatever came when: gaps, midnights, late rows, rows of a model', async () => {
    await fc.assert(
      fc.asyncProperty(
        samples,
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 60, maxLength: 60 }),
        async (all, batch) => {
          await clear();
          // In three deliveries that interleave, rolled up after each, the last one twice.
          for (const turn of [0, 1, 2]) {
            await record(all.filter((_, i) => batch[i] === turn));
            await roll();
          }
          await roll();
          await expectReference(all);
        },
      ),
      // A failure that is shrunk for longer than the test may last would meddle with the tests after it.
      { numRuns: 25, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true },
    );
  });

  it.each([-3, -2, -1, 0, 1, 2, 3])(
    'rolls up all that the newest row stands for, %i min from six hours on, and takes it back for a late row',
    async (minutesOff) => {
      const newest = NOON + 6 * HOUR + minutesOff * 60_000;
      const early = [sample(NOON), sample(newest, { stepSeconds: 300 })];
      await record(early);
      await roll();
      await expectReference(early);
      const late = [sample(NOON + 60_000), sample(newest + 10_000)];
      await record(late);
      await roll();
      await expectReference([...early, ...late]);
    },
  );

  it('cuts a row at midnight: each day gets its own seconds', async () => {
    const midnight = Date.UTC(2026, 5, 2, 7);
    await record([...steady(midnight - 60_000, midnight - 10_000), sample(midnight - 5_000)]);
    await record([sample(midnight + 5_000), sample(midnight + 15_000)]);
    await roll();
    expect(
      (await days()).map(({ day, coveredSeconds, pvEnergyWh }) => [day, coveredSeconds, pvEnergyWh]),
    ).toEqual([
      ['2026-06-01', 60, 60],
      ['2026-06-02', 25, 25],
    ]);
  });

  it.each([
    ['2026-03-08', 23],
    ['2026-06-01', 24],
    ['2026-11-01', 25],
  ])('%s has %i hours', async (day, hours) => {
    const noon = Date.parse(`${day}T20:00:00Z`);
    await record(every(60, noon - 30 * HOUR, noon + 30 * HOUR));
    await roll();
    const row = (await days()).find((each) => each.day === day);
    expect(row?.coveredSeconds).toBe(hours * 3600);
    expect(row?.pvEnergyWh).toBeCloseTo(hours * 3600, 0);
  });

  it.each([
    // Midnight comes twice: 01:00 becomes 00:00.
    ['Atlantic/Azores', '2026-10-25', 25],
    ['America/Havana', '2026-11-01', 25],
    // It never comes, or its eve is an hour longer.
    ['Africa/Cairo', '2026-04-24', 23],
    ['America/Santiago', '2026-04-04', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Pacific/Apia', '2011-12-31', 24],
  ])(
    'in %s, where %s has %d hours, every day gets its own, rows that come late too',
    async (zone, day, hours) => {
      const noon = Date.parse(`${day}T12:00:00Z`);
      const all = every(300, noon - 36 * HOUR, noon + 20 * HOUR);
      const isLate = ({ at }: Sample) => at > noon - 24 * HOUR && at < noon - 23 * HOUR;
      await record(all.filter((each) => !isLate(each)));
      await roll(zone);
      await record(all.filter(isLate));
      await roll(zone);
      await expectReference(all, zone);
      expect((await days()).find((each) => each.day === day)?.coveredSeconds).toBe(hours * 3600);
    },
  );

  it('never stretches a row over a gap', async () => {
    await record([sample(NOON), sample(NOON + 30_000), sample(NOON + 10 * 60_000)]);
    await roll();
    const [day] = await days();
    // Three ticks are late but no gap; ten minutes are one.
    expect(day?.coveredSeconds).toBe(30 + 10 + 10);
    expect(day?.pvEnergyWh).toBeCloseTo(50, 3);
  });

  it('keeps what a model says apart from what was measured', async () => {
    await record([
      ...steady(NOON, NOON + 30_000, { simulated: true }),
      ...steady(NOON + 30_000, NOON + 60_000),
    ]);
    await roll();
    expect((await minutes()).map((row) => [row.simulated, row.coveredSeconds]).sort()).toEqual([
      [false, 30],
      [true, 30],
    ]);
  });

  it('follows the owner to another zone, past days included', async () => {
    const all = every(60, NOON - 20 * HOUR, NOON);
    await record(all);
    await roll();
    await roll('Asia/Kathmandu');
    await expectReference(all, 'Asia/Kathmandu');
  });

  it('follows to another zone step by step over a long past, so that ticks get in between', async () => {
    const first = NOON - 400 * 24 * HOUR;
    await everyHour(first, NOON);
    await roll();
    const portion = (timeZone: string) =>
      rollUpPortion(connection.db, { ownerId, timeZone, full: { floatV: 55, tailA: 45 } });
    expect(await portion('Asia/Kolkata')).toBe(false);
    const afterOne = await days();
    expect(afterOne.filter(({ samples }) => samples !== 24).length).toBeGreaterThan(0);
    // A tick, and the owner changes their mind once more.
    await record([sample(NOON, { stepSeconds: 300 })]);
    for (const zone of ['Australia/Lord_Howe', 'Asia/Kolkata']) {
      await portion(zone);
      await portion(zone);
    }
    let portions = 1;
    while (!(await portion('Asia/Kolkata'))) portions += 1;
    expect(portions).toBeGreaterThan(5);
    const dayOf = localDay('Asia/Kolkata');
    const expected = new Map<string, number>();
    for (let at = first; at <= NOON; at += HOUR) expected.set(dayOf(at), (expected.get(dayOf(at)) ?? 0) + 1);
    expect((await days()).map(({ day, samples }) => [day, samples])).toEqual([...expected]);
  });

  it.each([
    ['west', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 0],
    ['east', 'Pacific/Pago_Pago', 'Pacific/Kiritimati', 0],
    ['west', 'Pacific/Kiritimati', 'Pacific/Pago_Pago', 50],
    ['east', 'Pacific/Pago_Pago', 'Pacific/Kiritimati', 50],
  ])(
    'counts no hour twice on the way %s from %s to %s, %i days having lost their quarters',
    async (_to, before, zone, lostDays) => {
      const first = NOON - 200 * 24 * HOUR;
      await everyHour(first, NOON);
      await roll(before);
      const hours = async () => (await days()).reduce((sum, { samples }) => sum + samples, 0);
      const all = await hours();
      const kept = new Date(first + lostDays * 24 * HOUR);
      await connection.db.delete(telemetry15m).where(lt(telemetry15m.ts, kept));
      let portions = 0;
      const portion = () =>
        rollUpPortion(connection.db, { ownerId, timeZone: zone, full: { floatV: 55, tailA: 45 } });
      for (let done = false; !done; portions += 1) {
        done = await portion();
        expect(await hours()).toBeLessThanOrEqual(all);
      }
      expect(portions).toBeGreaterThan(2);
      // Of the days between those that stay and those that are made anew.
      expect(await hours()).toBeGreaterThan(all - 48);
    },
  );

  it.each([
    [['America/Los_Angeles', 'Europe/Berlin', 'America/New_York']],
    [['Pacific/Pago_Pago', 'Pacific/Kiritimati', 'Asia/Tokyo']],
    [['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Asia/Tokyo', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']],
  ])(
    'counts no hour twice by way of %j, whether or not a change is through before the next',
    async ([before = '', ...zones]) => {
      const first = NOON - 200 * 24 * HOUR;
      const hours = async () => (await days()).reduce((sum, { samples }) => sum + samples, 0);
      for (const portions of [1, Number.POSITIVE_INFINITY]) {
        await clear();
        await everyHour(first, NOON);
        await roll(before);
        const all = await hours();
        await connection.db.delete(telemetry15m).where(lt(telemetry15m.ts, new Date(first + 50 * 24 * HOUR)));
        for (const timeZone of zones) {
          const request = { ownerId, timeZone, full: { floatV: 55, tailA: 45 } };
          for (let done = 0; done < portions && !(await rollUpPortion(connection.db, request)); done += 1) {
            expect(await hours()).toBeLessThanOrEqual(all);
          }
        }
        await roll(zones.at(-1));
        expect(await hours()).toBeLessThanOrEqual(all);
        expect(await hours()).toBeGreaterThan(all - 48);
      }
    },
  );

  it.each(['America/Denver', 'Pacific/Honolulu', 'Pacific/Kiritimati'])(
    'keeps what today has on the way to %s, older days having lost their quarters',
    async (zone) => {
      await record(every(300, NOON - 140 * 24 * HOUR, NOON - 140 * 24 * HOUR + 2 * HOUR));
      await roll();
      const [old] = await days();
      for (const finer of [telemetry, telemetry1m, telemetry15m]) await connection.db.delete(finer);
      const midnight = Date.UTC(2026, 5, 1, 7, 0);
      for (const [from, to] of [
        [0, 3],
        [3, 5],
        [5, 45],
      ] as const) {
        await record(every(300, midnight + from * HOUR, midnight + to * HOUR));
        await roll(from === 0 ? LOS_ANGELES : zone);
        const [stays, ...anew] = await days();
        expect(stays).toEqual(old);
        expect(anew.reduce((sum, { samples }) => sum + samples, 0)).toBe(to * 12);
        if (from === 0) await roll(zone);
      }
    },
  );

  it('leaves a day that stays as it was, though a row of it comes late', async () => {
    const first = NOON - 20 * 24 * HOUR;
    await everyHour(first, NOON);
    await roll();
    await connection.db.delete(telemetry15m).where(lt(telemetry15m.ts, new Date(first + 5 * 24 * HOUR)));
    await roll('America/Denver');
    const before = await days();
    await record([sample(first + 3 * 24 * HOUR)]);
    await roll('America/Denver');
    expect(await days()).toEqual(before);
  });

  it('tells a full bank and the sun that it held back, by the charger’s word or by voltage and tail', async () => {
    const at = { userId: ownerId, simulated: false, configVersion: 1, pvW: 1000, sky: { clearSkyW: 4600 } };
    const row = (second: number, more: Partial<typeof telemetry.$inferInsert>) => ({
      ...at,
      ts: new Date(NOON + second * 1000),
      ...more,
    });
    await connection.db
      .insert(telemetry)
      .values([
        row(0, { chargeStage: 'float' }),
        row(10, { chargeStage: 'absorption' }),
        row(20, { chargeStage: 'bulk', packVoltageV: 56, currentA: 1 }),
        row(30, { packVoltageV: 56, currentA: 20, batteryPowerW: 1100 }),
        row(40, { packVoltageV: 56, currentA: 80, batteryPowerW: 4400 }),
        row(50, { packVoltageV: 56, currentA: -1, batteryPowerW: -56 }),
      ]);
    await roll();
    const [minute] = await minutes();
    expect(minute).toMatchObject({ fullSeconds: 20, throttledSeconds: 40 });
    expect(minute?.heldBackEnergyWh).toBeCloseTo(40, 3);
  });

  it('leaves alone what is final, its rows being gone', async () => {
    await record(steady(NOON, NOON + 2 * HOUR));
    await roll();
    const before = await minutes();
    await connection.db.delete(telemetry);
    await connection.db
      .update(telemetryRollupState)
      .set({ finalBefore: new Date(NOON + 2 * HOUR) })
      .where(eq(telemetryRollupState.userId, ownerId));
    await record([sample(NOON + HOUR + 3_000, { pvW: 1 })]);
    await roll();
    expect(await minutes()).toEqual(before);
  });
});
