import postgres from 'postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_VOLTAGE_CURVE, OWNER_ID } from '@/lib/core/defaults';
import { type Catalogue, readCatalogue } from '@/test/catalogue';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { migrateDatabase } from './migrate';

const SECOND = 'b0000000-0000-0000-0000-000000000002';
let database: TestDatabase;
let sql: postgres.Sql;

/** A database of its own for each test: what is tested here changes the schema. */
async function open(): Promise<void> {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 2, onnotice: () => {} });
}
async function close(): Promise<void> {
  await sql.end();
  await database.drop();
}

async function emptyDatabase(): Promise<void> {
  await sql`drop schema public cascade`;
  await sql`drop schema if exists drizzle cascade`;
  await sql`create schema public`;
}

describe('a new database', () => {
  beforeAll(async () => {
    await open();
    await emptyDatabase();
  });
  afterAll(close);

  test('gets every table and the defaults, once', async () => {
    const first = await migrateDatabase(database.url);
    expect(first.applied.length).toBeGreaterThanOrEqual(3);
    expect(first.alreadyApplied).toEqual([]);
    expect(first.tables).toEqual(
      expect.arrayContaining(['users', 'telemetry', 'telemetry_15m', 'commands', 'alerts']),
    );
    expect(first.defaultData).toMatchObject({
      owner: 1,
      preferences: 1,
      controlState: 1,
      miners: 2,
      zones: 2,
    });

    const second = await migrateDatabase(database.url);
    expect(second.applied).toEqual([]);
    expect(second.alreadyApplied).toEqual(first.applied);
    expect(second.defaultData).toEqual({
      owner: 0,
      preferences: 0,
      controlState: 0,
      miners: 0,
      zones: 0,
      devices: 0,
    });
  });

  test('updated_at moves with every change, even within one transaction', async () => {
    for (const table of ['users', 'user_preferences', 'miner_profiles', 'hvac_zones']) {
      const touch = `update ${table} set created_at = created_at returning updated_at::text as at`;
      const stamps = await sql.begin(async (tx) => [
        (await tx.unsafe(touch))[0]?.at,
        (await tx.unsafe(touch))[0]?.at,
      ]);
      expect(stamps[0] < stamps[1], table).toBe(true);
    }
  });

  test('what an owner deleted in the app stays deleted; without a trace of it the defaults come back', async () => {
    await sql`delete from miner_profiles`;
    expect((await migrateDatabase(database.url)).defaultData.miners).toBe(2);
    await sql`delete from miner_profiles`;
    await sql`insert into settings_versions (user_id, actor, entity, entity_id) values (${OWNER_ID}, 'test', 'miner', 'x')`;
    expect((await migrateDatabase(database.url)).defaultData.miners).toBe(0);
  });

  test('an e-mail address is unique whatever its case', async () => {
    await expect(sql`insert into users (email) values ('OWNER@commandcenter.local')`).rejects.toMatchObject({
      code: '23505',
    });
  });

  test('two at once: both succeed, the work is done once', async () => {
    await emptyDatabase();
    const reports = await Promise.all([migrateDatabase(database.url), migrateDatabase(database.url)]);
    expect(reports.map((report) => report.defaultData.miners).sort()).toEqual([0, 2]);
    expect(await sql`select 1 from miner_profiles`).toHaveLength(2);
  });

  test('a database of a newer version is refused', async () => {
    await sql`insert into drizzle.__drizzle_migrations (hash, name) values ('x', '20990101000000_future')`;
    await expect(migrateDatabase(database.url)).rejects.toMatchObject({ code: 'database_newer' });
  });
});

describe('readings from before there were roll-ups', () => {
  beforeAll(open);
  afterAll(close);
  const first = '2026-11-20T10:00:05.000Z';
  const record = async (...times: readonly string[]) => {
    for (const ts of times)
      await sql`insert into telemetry (user_id, ts, simulated, config_version) values (${OWNER_ID}, ${ts}, true, 1)`;
  };
  const rolledUpSince = async (minute: string) => {
    await sql`insert into telemetry_rollup_state (user_id, rolled_to) values (${OWNER_ID}, '2026-11-27T10:00:06Z')`;
    await sql`insert into telemetry_1m (user_id, ts, simulated, samples, covered_seconds, pv_seconds, load_seconds,
        battery_seconds, grid_seconds, full_seconds, throttled_seconds)
      values (${OWNER_ID}, ${minute}, true, 1, 10, 0, 0, 0, 0, 0, 0)`;
  };
  const rolledTo = async () => {
    await sql`delete from drizzle.__drizzle_migrations where name like '%_days_before_roll_ups'`;
    expect((await migrateDatabase(database.url)).applied).toHaveLength(1);
    const states = await sql<{ rolledTo: Date }[]>`
      select rolled_to as "rolledTo" from telemetry_rollup_state where user_id = ${OWNER_ID}`;
    return states.map((state) => state.rolledTo.toISOString());
  };
  beforeEach(() => record(first, '2026-11-27T10:00:05.000Z'));
  afterEach(() => sql`truncate telemetry, telemetry_1m, telemetry_rollup_state`);

  test('are rolled up', async () => {
    expect(await rolledTo()).toEqual([first]);
  });

  test('are rolled up where that has begun without them', async () => {
    await rolledUpSince('2026-11-27T10:00Z');
    expect(await rolledTo()).toEqual([first]);
  });

  test('are not rolled up again', async () => {
    await rolledUpSince('2026-11-20T10:00Z');
    expect(await rolledTo()).toEqual(['2026-11-27T10:00:06.000Z']);
  });
});

describe("an owner's V1.9 database", () => {
  beforeEach(async () => {
    await open();
    await emptyDatabase();
    await sql.unsafe(`
      create table users (id uuid primary key default gen_random_uuid(), email varchar(255) unique not null,
        password_hash varchar(255) not null, role varchar(20) default 'admin', nickname text not null,
        created_at timestamptz default now(), updated_at timestamptz default now(), last_login timestamptz);
      create table user_preferences (id uuid primary key default gen_random_uuid(),
        user_id uuid not null references users(id), voltage_at_0_percent decimal(5,2) not null default 45.0,
        voltage_at_100_percent decimal(5,2) default 56.0, voltage_curve jsonb, voltage_low decimal(4,2) default 47.0,
        timezone varchar(50) default 'America/Los_Angeles', operating_mode varchar(20) default 'balanced',
        created_at timestamptz default now(), updated_at timestamptz default now(), unique (user_id));
      create table miner_profiles (id uuid primary key default gen_random_uuid(), user_id uuid references users(id) on delete cascade,
        name varchar(255) not null, model varchar(255), power_draw_watts integer not null, priority_level integer not null,
        start_voltage decimal(4,2) not null, stop_voltage decimal(4,2) not null, emergency_stop_voltage decimal(4,2) not null,
        total_runtime_hours decimal(10,2) default 0, enabled boolean default true,
        created_at timestamptz default now(), updated_at timestamptz default now());
      create index idx_users_email on users(email);
      create table conversations (id serial primary key, user_id uuid references users(id) on delete cascade, words text);
      create function old_touch() returns trigger language plpgsql as 'begin new.updated_at = now(); return new; end';
      create trigger update_miner_profiles_updated_at before update on miner_profiles for each row execute function old_touch();
      insert into users (id, email, password_hash, nickname) values ('${OWNER_ID}', 'Owner@Ranch.example', 'unset', 'Joe');
      insert into user_preferences (user_id, voltage_low) values ('${OWNER_ID}', 47.50);
      insert into miner_profiles (user_id, name, power_draw_watts, priority_level, start_voltage, stop_voltage, emergency_stop_voltage, total_runtime_hours)
        values ('${OWNER_ID}', 'My S19', 3250, 2, 53, 51, 49, 812.25);
      insert into conversations (user_id, words) values ('${OWNER_ID}', 'hello');`);
  });
  afterEach(close);

  test('is adopted: rows kept, what is missing added', async () => {
    const report = await migrateDatabase(database.url);
    expect(report.defaultData).toMatchObject({
      owner: 0,
      preferences: 0,
      miners: 0,
      zones: 2,
      controlState: 1,
    });

    const [user] = await sql`select email, nickname from users`;
    expect(user).toEqual({ email: 'Owner@Ranch.example', nickname: 'Joe' });
    const [preferences] = await sql`
      select voltage_low::text as low, voltage_optimal_max::text as high, battery_capacity_ah, sag_compensation from user_preferences`;
    expect(preferences).toEqual({
      low: '47.50',
      high: '54.50',
      battery_capacity_ah: 900,
      sag_compensation: 'off',
    });
    const [miner] = await sql`
      select name, total_runtime_hours::text as hours, minimum_on_minutes, operating_mode from miner_profiles`;
    expect(miner).toEqual({
      name: 'My S19',
      hours: '812.25',
      minimum_on_minutes: 10,
      operating_mode: 'balanced',
    });
    expect(await sql`select words from conversations`).toEqual([{ words: 'hello' }]);
  });

  test('ends as a new one does, with what else the owner has', async () => {
    // Namesakes of ours that say something else.
    await sql.unsafe(`
      alter table miner_profiles add constraint valid_priority check (priority_level < 99);
      alter table user_preferences add constraint valid_voltage_calibration check (voltage_at_0_percent > 1);
      create unique index idx_miner_profiles_priority on miner_profiles using btree (name) where enabled;
      create index idx_user_preferences_user on user_preferences using brin (user_id);
      create trigger zz_touch_updated_at after insert on users execute function old_touch();
      alter table users disable trigger zz_touch_updated_at`);
    await migrateDatabase(database.url);
    const adopted = await readCatalogue(sql);
    await emptyDatabase();
    await migrateDatabase(database.url);
    const fresh = await readCatalogue(sql);

    const without = (one: Catalogue, other: Catalogue) =>
      Object.values(one)
        .flat()
        .filter((line) => !Object.values(other).flat().includes(line));
    expect(without(fresh, adopted)).toEqual([]);
    expect(without(adopted, fresh)).toEqual([
      "conversations.id integer = nextval('conversations_id_seq'::regclass)",
      'conversations.user_id uuid?',
      'conversations.words text?',
      'users.nickname text?',
      'conversations conversations_pkey PRIMARY KEY (id)',
      'conversations conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
      'users users_email_key UNIQUE (email)',
      'UNIQUE INDEX conversations_pkey ON conversations (id)',
      'UNIQUE INDEX users_email_key ON users (email)',
      'TRIGGER update_miner_profiles_updated_at BEFORE UPDATE ON miner_profiles FOR EACH ROW EXECUTE FUNCTION old_touch()',
    ]);
  });

  test('obeys the new rules afterwards', async () => {
    await migrateDatabase(database.url);
    await expect(sql`update miner_profiles set start_voltage = 50`).rejects.toMatchObject({
      constraint_name: 'valid_miner_voltages',
    });
    await expect(sql`insert into miner_profiles (user_id, name, power_draw_watts, start_voltage, stop_voltage, emergency_stop_voltage)
      values (${OWNER_ID}, 'My S19', 1, 50, 48, 46)`).rejects.toMatchObject({ code: '23505' });
    await sql`insert into users (email) values ('second@ranch.example')`;
    const stamps = await sql.begin(async (tx) => [
      (await tx`update miner_profiles set model = 'a' returning updated_at::text as at`)[0]?.at,
      (await tx`update miner_profiles set model = 'b' returning updated_at::text as at`)[0]?.at,
    ]);
    expect(stamps[0] < stamps[1]).toBe(true);
    await sql`delete from users where id = ${OWNER_ID}`;
    expect(await sql`select 1 from user_preferences`).toHaveLength(0);
  });

  test('rows from before there were curves get one between their own end voltages, or a straight line', async () => {
    await sql.unsafe(`
      alter table user_preferences drop column voltage_curve;
      update user_preferences set voltage_at_0_percent = 46;
      insert into users (id, email, password_hash, nickname) values ('${SECOND}', 'second@ranch.example', 'unset', 'Sue');
      insert into user_preferences (user_id, voltage_at_0_percent) values ('${SECOND}', 48)`);
    await migrateDatabase(database.url);
    const rows = await sql`select user_id, voltage_curve from user_preferences`;
    const curves = new Map(rows.map((row) => [row.user_id, row.voltage_curve]));
    expect(curves.get(OWNER_ID)).toEqual([{ soc: 0, voltage: 46 }, ...DEFAULT_VOLTAGE_CURVE.slice(1)]);
    expect(curves.get(SECOND)).toBeNull();
  });

  test("keeps the owner's views, keys and columns of other makes", async () => {
    await sql.unsafe(`
      create view cheap_miners as select name, priority_level from miner_profiles;
      alter table miner_profiles add column serial_number bigint generated always as identity;
      drop index idx_users_email;
      alter table users add constraint idx_users_email unique (email);
      create schema drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('of another program', 1)`);
    await migrateDatabase(database.url);
    expect(await sql`select name from cheap_miners`).toEqual([{ name: 'My S19' }]);
    expect(await sql`select serial_number from miner_profiles`).toEqual([{ serial_number: '1' }]);
    await expect(
      sql`insert into users (email, nickname) values ('OWNER@ranch.example', 'x')`,
    ).rejects.toMatchObject({ code: '23505' });
  });

  test.each([
    ['create table devices (ip text)', 'table_taken', /devices/],
    ['create index idx_hvac_zones_user on conversations (user_id)', 'cannot_adopt', /idx_hvac_zones_user/],
    [
      `alter table miner_profiles alter priority_level type text;
       create view ranks as select priority_level from miner_profiles`,
      'cannot_adopt',
      /miner_profiles\.priority_level.*view ranks/,
    ],
    [
      'alter table miner_profiles alter start_voltage type numeric(6,2); update miner_profiles set start_voltage = 530',
      'row_breaks_rule',
      /My S19.*start_voltage = 530/,
    ],
    [
      "alter table user_preferences alter voltage_curve type text; update user_preferences set voltage_curve = 'steep'",
      'row_breaks_rule',
      /voltage_curve = "steep"/,
    ],
    [
      `alter table user_preferences drop constraint user_preferences_user_id_fkey;
       update user_preferences set user_id = '${SECOND}'`,
      'row_breaks_rule',
      new RegExp(`user_id = "${SECOND}"`),
    ],
    [
      'alter table miner_profiles alter stop_voltage drop not null; update miner_profiles set stop_voltage = null',
      'row_breaks_rule',
      /My S19.*stop_voltage must be filled/,
    ],
  ])(
    'what cannot be adopted is named in our words, and everything stays as it was: %s',
    async (damage, code, names) => {
      await sql.unsafe(damage);
      await expect(migrateDatabase(database.url)).rejects.toMatchObject({
        name: 'MigrationError',
        code,
        message: expect.stringMatching(names),
      });
      expect(
        await sql`select 1 from information_schema.columns where column_name = 'minimum_on_minutes'`,
      ).toHaveLength(0);
      expect(await sql`select words from conversations`).toHaveLength(1);
    },
  );

  test.each([
    ['update miner_profiles set stop_voltage = 54', 'My S19', 'valid_miner_voltages', 'stop_voltage = 54'],
    ['update miner_profiles set priority_level = 12', 'My S19', 'valid_priority', 'priority_level = 12'],
    [
      "update user_preferences set timezone = 'UTC', voltage_low = 40",
      OWNER_ID,
      'valid_voltage_ranges',
      'voltage_low = 40',
    ],
    ['insert into miner_profiles select * from miner_profiles', 'duplicate', '', ''],
  ])(
    'a row that breaks a rule is named and everything stays as it was: %s',
    async (damage, who, rule, value) => {
      if (who === 'duplicate') {
        await sql`insert into miner_profiles (user_id, name, power_draw_watts, priority_level, start_voltage, stop_voltage, emergency_stop_voltage)
        select user_id, name, power_draw_watts, priority_level, start_voltage, stop_voltage, emergency_stop_voltage from miner_profiles`;
        await expect(migrateDatabase(database.url)).rejects.toThrow(/My S19.*exists twice/);
      } else {
        await sql.unsafe(damage);
        await expect(migrateDatabase(database.url)).rejects.toMatchObject({
          code: 'row_breaks_rule',
          message: expect.stringMatching(new RegExp(`${who}.*${rule}.*${value}`)),
        });
      }
      expect(
        await sql`select 1 from information_schema.columns where column_name = 'minimum_on_minutes'`,
      ).toHaveLength(0);
      expect(await sql`select 1 from information_schema.tables where table_name = 'telemetry'`).toHaveLength(
        0,
      );
      expect(await sql`select words from conversations`).toHaveLength(1);
    },
  );
});
