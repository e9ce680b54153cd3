import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/test/database';

const OWNER = 'a0000000-0000-0000-0000-000000000001';
let database: TestDatabase;
let sql: postgres.Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

/** Whole rows as JSON, but for what differs in every database. */
async function rowsOf(query: Promise<readonly postgres.Row[]>): Promise<Record<string, unknown>[]> {
  return (await query).map(({ row }) => {
    const { id: _id, user_id: _owner, created_at, updated_at, ...rest } = row;
    expect(updated_at >= created_at).toBe(true);
    return rest;
  });
}

/** The rows of a table that is written a column in each line, as the data model has it. */
function rows(columns: Readonly<Record<string, readonly [unknown, unknown]>>): Record<string, unknown>[] {
  return [0, 1].map((i) =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]])),
  );
}

test('the miners of the Solar Shack', async () => {
  const stored = await rowsOf(sql`
    select to_jsonb(m) || jsonb_build_object('zone_id', z.zone_name) as row
    from miner_profiles m join hvac_zones z on z.id = m.zone_id where m.user_id = ${OWNER} order by m.priority_level`);
  expect(stored).toEqual(
    rows({
      name: ['Primary S21+ (Revenue)', 'Dump Load S19 #1'],
      model: ['Antminer S21+ 235TH', 'Antminer S19 95TH'],
      hashrate_ths: [235, 95],
      power_draw_watts: [3878, 3250],
      priority_level: [1, 3],
      operating_mode: ['aggressive', 'opportunistic'],
      start_voltage: [50, 54.5],
      stop_voltage: [47, 53],
      emergency_stop_voltage: [45, 50],
      start_hysteresis_minutes: [5, 5],
      stop_hysteresis_minutes: [2, 2],
      minimum_on_minutes: [10, 10],
      minimum_off_minutes: [5, 5],
      require_excess_solar: [false, true],
      minimum_excess_watts: [null, 3500],
      maximum_runtime_hours: [null, null],
      prefer_time_start: [18, 10],
      prefer_time_end: [10, 16],
      allow_outside_schedule: [true, false],
      require_sunny_weather: [false, true],
      minimum_solar_production_watts: [null, 8000],
      enabled: [true, true],
      zone_id: ['Heat Room', 'Heat Room'],
      control_method: ['smartload', 'shelly'],
      device_identifier: ['smartload_1', 'shelly_s19_1'],
      last_started_at: [null, null],
      last_stopped_at: [null, null],
      total_runtime_hours: [0, 0],
    }),
  );
});

test('its zones', async () => {
  const stored = await rowsOf(sql`
    select to_jsonb(z) || jsonb_build_object('heating_miner_id', m.name) as row
    from hvac_zones z left join miner_profiles m on m.id = z.heating_miner_id
    where z.user_id = ${OWNER} order by z.zone_name`);
  expect(stored).toEqual(
    rows({
      zone_name: ['Heat Room', 'Main Room'],
      zone_type: ['equipment', 'equipment'],
      temp_too_hot: [40, 35],
      temp_hot_ok: [35, 30],
      temp_too_cold: [0, -5],
      temp_cold_ok: [5, 0],
      exhaust_fan_enabled: [true, true],
      exhaust_fan_device_id: ['ac_infinity_1', 'ac_infinity_2'],
      exhaust_fan_speed_auto: [true, true],
      exhaust_fan_max_speed: [10, 8],
      heating_enabled: [true, true],
      heating_priority_1: ['miner', 'heater'],
      heating_priority_2: ['heater', 'none'],
      heating_miner_id: ['Primary S21+ (Revenue)', null],
      heater_device_id: ['shelly_heater_1', 'shelly_heater_2'],
      heater_power_watts: [1500, 1500],
      only_heat_when_solar: [true, true],
      minimum_solar_for_heating_watts: [4000, 2000],
      block_charging_below_temp: [0, null],
      enabled: [true, true],
      temperature_sensor_id: ['sim_temp_heat_room', 'sim_temp_main_room'],
    }),
  );
});

test('the first owner, without a usable password', async () => {
  expect(await sql`select id, email, password_hash, role, last_login from users`).toEqual([
    { id: OWNER, email: 'owner@commandcenter.local', password_hash: null, role: 'admin', last_login: null },
  ]);
});

test('their preferences are the defaults alone', async () => {
  await sql`with other as (insert into users (email) values ('other@example.org') returning id)
    insert into user_preferences (user_id) select id from other`;
  const [seeded, defaults, ...more] = await rowsOf(sql`
    select to_jsonb(p) as row from user_preferences p order by user_id <> ${OWNER}`);
  expect(more).toEqual([]);
  expect(seeded).toEqual(defaults);
});

test('devices that serve what the loads name, each measuring role once; the site starts in automatic', async () => {
  const devices = await sql`select key, driver, roles, control_enabled from devices order by key`;
  expect(devices.map(({ key }) => key)).toEqual([
    'ac_infinity_1',
    'ac_infinity_2',
    'shelly_heater_1',
    'shelly_heater_2',
    'shelly_s19_1',
    'sim_inverter',
    'sim_temp_heat_room',
    'sim_temp_main_room',
    'smartload_1',
  ]);
  expect(devices.flatMap(({ roles }) => roles)).toEqual(['battery', 'pv', 'load', 'grid']);
  expect(devices.every((device) => device.driver === 'simulated' && device.control_enabled)).toBe(true);
  expect(await sql`select user_id, control_mode, memory from control_state`).toEqual([
    { user_id: OWNER, control_mode: 'automatic', memory: null },
  ]);
});
