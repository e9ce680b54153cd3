import { getTableName, is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Catalogue, readCatalogue } from '@/test/catalogue';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import * as schema from './schema';

type Row = Readonly<Record<string, postgres.ParameterOrJSON<never>>>;

/** Has no rows of its own but those of a test. */
const OWNER = 'b0000000-0000-0000-0000-000000000002';
const NOON = '2026-06-01T12:00:00.000Z';
let database: TestDatabase;
let sql: postgres.Sql;
let catalogue: Catalogue;

beforeAll(async () => {
  database = await createTestDatabase();
  sql = postgres(database.url, { max: 1, onnotice: () => {} });
  catalogue = await readCatalogue(sql);
  await sql`insert into users (id, email) values (${OWNER}, 'second@example.org')`;
});
afterAll(async () => {
  await sql.end();
  await database.drop();
});

const ROLLBACK = new Error('rolled back');

/** Writes the row and takes it back. @returns it as stored, or the name of the constraint that refused it. */
async function tryRow(table: string, row: Row): Promise<Record<string, unknown> | string> {
  let stored: Record<string, unknown> = {};
  try {
    return await sql.begin(async (tx) => {
      const [written] = await tx`insert into ${tx(table)} ${tx(row)} returning to_jsonb(${tx(table)}) as row`;
      stored = written?.row;
      throw ROLLBACK;
    });
  } catch (error) {
    if (error === ROLLBACK) return stored;
    if (error instanceof postgres.PostgresError && error.constraint_name) return error.constraint_name;
    throw error;
  }
}

/** The least that makes a row of each table. */
const LEAST = {
  users: { email: 'third@example.org' },
  user_preferences: { user_id: OWNER },
  miner_profiles: {
    user_id: OWNER,
    name: 'X',
    power_draw_watts: 1000,
    start_voltage: 50,
    stop_voltage: 48,
    emergency_stop_voltage: 46,
  },
  hvac_zones: { user_id: OWNER, zone_name: 'X' },
  devices: { user_id: OWNER, key: 'plug', name: 'X', driver: 'shelly' },
  telemetry: { user_id: OWNER, ts: NOON, simulated: false, config_version: 1 },
  telemetry_retention: { user_id: OWNER },
  control_state: { user_id: OWNER },
  commands: { user_id: OWNER, load_id: 'miner:1', device_key: 'plug', desired: {}, cause: 'test' },
  decisions: {
    user_id: OWNER,
    ts: NOON,
    load_id: 'miner:1',
    load_name: 'X',
    kind: 'miner',
    verdict: 'WAIT',
    sentence: 'X',
    explanation: {},
    config_version: 1,
    kernel_version: '1',
    simulated: false,
  },
  overrides: {
    user_id: OWNER,
    load_id: 'miner:1',
    state: 'on',
    starts_at: NOON,
    ends_at: '2026-06-01T13:00:00.000Z',
    created_by: 'X',
  },
  settings_versions: { user_id: OWNER, actor: 'X', entity: 'miner', entity_id: 'X' },
  api_tokens: { user_id: OWNER, name: 'X', scope: 'read', token_hash: 'X' },
  backup_runs: { user_id: OWNER, requested_by: 'X' },
  device_tests: { user_id: OWNER, driver: 'shelly', connection: {} },
} as const satisfies Record<string, Row>;
type Table = keyof typeof LEAST;

const ID = { id: ['uuid', expect.any(String)], user_id: ['uuid', OWNER] } as const;
const INSTANT = ['timestamp with time zone', expect.any(String)] as const;
const INSTANT_OR_NULL = ['timestamp with time zone?', null] as const;
const CURVE = [
  { soc: 0, voltage: 45 },
  { soc: 15, voltage: 47 },
  { soc: 40, voltage: 50 },
  { soc: 60, voltage: 52 },
  { soc: 80, voltage: 54.5 },
  { soc: 100, voltage: 56 },
];

/** Every column with its type (? = may be null) and what it holds where only the least is given. */
const COLUMNS: Partial<Record<Table, Record<string, readonly [type: string, value: unknown]>>> = {
  users: {
    id: ID.id,
    email: ['text', 'third@example.org'],
    password_hash: ['text?', null],
    role: ['text', 'admin'],
    created_at: INSTANT,
    updated_at: INSTANT,
    last_login: INSTANT_OR_NULL,
  },
  user_preferences: {
    ...ID,
    voltage_at_0_percent: ['numeric(4,2)', 45],
    voltage_at_100_percent: ['numeric(4,2)', 56],
    voltage_curve: ['jsonb?', CURVE],
    battery_chemistry: ['text', 'LiFePO4'],
    battery_nominal_voltage: ['numeric(4,2)', 51.2],
    battery_absolute_min: ['numeric(4,2)', 43],
    battery_absolute_max: ['numeric(4,2)', 58.8],
    user_prefers_soc_display: ['boolean', true],
    use_custom_soc_mapping: ['boolean', true],
    display_units: ['text', 'metric'],
    timezone: ['text', 'America/Los_Angeles'],
    location_lat: ['numeric(10,7)?', 37.3382],
    location_lon: ['numeric(10,7)?', -121.8863],
    max_battery_discharge_watts: ['integer', 5000],
    max_battery_discharge_percent: ['integer', 15],
    voltage_shutdown: ['numeric(4,2)', 44],
    voltage_critical_low: ['numeric(4,2)', 45],
    voltage_low: ['numeric(4,2)', 47],
    voltage_restart: ['numeric(4,2)', 50],
    voltage_optimal_min: ['numeric(4,2)', 50],
    voltage_optimal_max: ['numeric(4,2)', 54.5],
    voltage_float: ['numeric(4,2)', 55],
    voltage_absorption: ['numeric(4,2)', 57.6],
    voltage_full: ['numeric(4,2)', 58],
    operating_mode: ['text', 'balanced'],
    grid_import_allowed: ['boolean', false],
    battery_capacity_ah: ['integer?', 900],
    pv_array_watts: ['integer?', 12960],
    internal_resistance_mohm: ['numeric(7,3)?', null],
    sag_compensation: ['text', 'off'],
    inverter_max_watts: ['integer?', null],
    created_at: INSTANT,
    updated_at: INSTANT,
  },
  miner_profiles: {
    ...ID,
    name: ['text', 'X'],
    model: ['text?', null],
    hashrate_ths: ['numeric(6,2)?', null],
    power_draw_watts: ['integer', 1000],
    priority_level: ['integer', 5],
    operating_mode: ['text', 'balanced'],
    start_voltage: ['numeric(4,2)', 50],
    stop_voltage: ['numeric(4,2)', 48],
    emergency_stop_voltage: ['numeric(4,2)', 46],
    start_hysteresis_minutes: ['integer', 5],
    stop_hysteresis_minutes: ['integer', 2],
    minimum_on_minutes: ['integer', 10],
    minimum_off_minutes: ['integer', 5],
    require_excess_solar: ['boolean', false],
    minimum_excess_watts: ['integer?', null],
    maximum_runtime_hours: ['numeric(4,2)?', null],
    prefer_time_start: ['integer?', null],
    prefer_time_end: ['integer?', null],
    allow_outside_schedule: ['boolean', true],
    require_sunny_weather: ['boolean', false],
    minimum_solar_production_watts: ['integer?', null],
    enabled: ['boolean', true],
    zone_id: ['uuid?', null],
    control_method: ['text?', null],
    device_identifier: ['text?', null],
    last_started_at: INSTANT_OR_NULL,
    last_stopped_at: INSTANT_OR_NULL,
    total_runtime_hours: ['numeric(10,2)', 0],
    created_at: INSTANT,
    updated_at: INSTANT,
  },
  hvac_zones: {
    ...ID,
    zone_name: ['text', 'X'],
    zone_type: ['text', 'equipment'],
    temp_too_hot: ['numeric(4,1)?', null],
    temp_hot_ok: ['numeric(4,1)?', null],
    temp_too_cold: ['numeric(4,1)?', null],
    temp_cold_ok: ['numeric(4,1)?', null],
    exhaust_fan_enabled: ['boolean', false],
    exhaust_fan_device_id: ['text?', null],
    exhaust_fan_speed_auto: ['boolean', true],
    exhaust_fan_max_speed: ['integer', 10],
    heating_enabled: ['boolean', false],
    heating_priority_1: ['text', 'none'],
    heating_priority_2: ['text', 'none'],
    heating_miner_id: ['uuid?', null],
    heater_device_id: ['text?', null],
    heater_power_watts: ['integer?', null],
    only_heat_when_solar: ['boolean', true],
    minimum_solar_for_heating_watts: ['integer?', null],
    block_charging_below_temp: ['numeric(4,1)?', null],
    enabled: ['boolean', true],
    temperature_sensor_id: ['text?', null],
    created_at: INSTANT,
    updated_at: INSTANT,
  },
  devices: {
    ...ID,
    key: ['text', 'plug'],
    name: ['text', 'X'],
    driver: ['text', 'shelly'],
    connection: ['jsonb', {}],
    roles: ['text[]', []],
    control_enabled: ['boolean', false],
    last_seen_at: INSTANT_OR_NULL,
    last_error: ['text?', null],
    driver_state: ['jsonb?', null],
    created_at: INSTANT,
    updated_at: INSTANT,
  },
  telemetry: {
    user_id: ID.user_id,
    ts: INSTANT,
    pack_voltage_v: ['real?', null],
    current_a: ['real?', null],
    battery_power_w: ['real?', null],
    battery_temperature_c: ['real?', null],
    reported_soc_pct: ['real?', null],
    voltage_soc_pct: ['real?', null],
    pv_w: ['real?', null],
    load_w: ['real?', null],
    grid_w: ['real?', null],
    charge_stage: ['text', 'unknown'],
    loads: ['jsonb', {}],
    zones: ['jsonb', {}],
    sky: ['jsonb', {}],
    ages: ['jsonb', {}],
    tick: ['jsonb', {}],
    memory: ['jsonb?', null],
    simulated: ['boolean', false],
    config_version: ['bigint', 1],
  },
  telemetry_retention: {
    user_id: ID.user_id,
    raw_days: ['integer?', 30],
    minute_days: ['integer?', 365],
    quarter_days: ['integer?', null],
    updated_at: INSTANT,
  },
  control_state: {
    user_id: ID.user_id,
    control_mode: ['text', 'automatic'],
    mode_since: INSTANT,
    mode_by: ['text', 'first start'],
    charge_block_answer: ['text?', null],
    charge_block_answer_by: ['text?', null],
    memory: ['jsonb?', null],
    memory_schema_version: ['integer?', null],
    memory_at: INSTANT_OR_NULL,
    guard: ['jsonb?', null],
    last_tick: ['jsonb?', null],
    worker_heartbeat_at: INSTANT_OR_NULL,
    worker_id: ['text?', null],
  },
};

test.each(Object.entries(COLUMNS))('the columns and defaults of %s', async (table, columns) => {
  const types = Object.entries(columns).map(([name, [type]]) => `${table}.${name} ${type}`);
  const stored = catalogue.columns.filter((line) => line.startsWith(`${table}.`));
  expect(stored.map((line) => line.replace(/ = .*/, ''))).toEqual(types.sort());
  expect(await tryRow(table, LEAST[table as Table])).toEqual(
    Object.fromEntries(Object.entries(columns).map(([name, [, value]]) => [name, value])),
  );
});

test('every table has the columns that the code knows', () => {
  const known = Object.values(schema)
    .filter((value) => is(value, PgTable))
    .flatMap((table) =>
      getTableConfig(table).columns.map((column) => {
        const type = column.getSQLType().replace(', ', ',') + '[]'.repeat(column.dimensions ?? 0);
        return `${getTableName(table)}.${column.name} ${type}${column.notNull || column.primary ? '' : '?'}`;
      }),
    );
  const stored = catalogue.columns.map((line) => line.replace(/ = .*/, ''));
  expect(stored).toEqual(known.sort());
});

const USER_KEY = 'FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE';

test('every row belongs to an owner and goes with them', () => {
  const tables = new Set(catalogue.columns.map((line) => line.slice(0, line.indexOf('.'))));
  const owned = [...tables].filter((table) => table !== 'users' && table !== 'removed_devices');
  expect(catalogue.constraints.filter((line) => line.includes('FOREIGN KEY'))).toEqual(
    [
      ...owned.map((table) => `${table} ${table}_user_id_users_id_fkey ${USER_KEY}`),
      'removed_devices removed_devices_version_id_settings_versions_id_fkey ' +
        'FOREIGN KEY (version_id) REFERENCES settings_versions(id) ON DELETE CASCADE',
    ].sort(),
  );
});

test('the indexes', () => {
  const one = (name: string, on: string) => `INDEX ${name} ON ${on}`;
  const unique = (name: string, on: string) => `UNIQUE INDEX ${name} ON ${on}`;
  const primary = (table: string, columns: string) => unique(`${table}_pkey`, `${table} (${columns})`);
  expect(catalogue.indexes).toEqual(
    [
      unique('idx_users_email', 'users (lower(email))'),
      one('idx_user_preferences_user', 'user_preferences (user_id)'),
      one('idx_miner_profiles_user', 'miner_profiles (user_id)'),
      one('idx_miner_profiles_priority', 'miner_profiles (user_id, priority_level, enabled)'),
      one('idx_hvac_zones_user', 'hvac_zones (user_id)'),
      unique('user_preferences_user_id_key', 'user_preferences (user_id)'),
      unique('miner_profiles_user_id_name_key', 'miner_profiles (user_id, name)'),
      unique('hvac_zones_user_id_zone_name_key', 'hvac_zones (user_id, zone_name)'),
      unique('devices_user_id_key_key', 'devices (user_id, key)'),
      one('idx_telemetry_ts', "telemetry USING brin (ts) WITH (pages_per_range='32', autosummarize='true')"),
      one('idx_telemetry_simulated', 'telemetry (user_id) WHERE simulated'),
      one('idx_decisions_user_ts', 'decisions (user_id, ts, id)'),
      unique('idx_decisions_load', 'decisions (user_id, load_id, ts)'),
      one('idx_commands_user', 'commands (user_id, intended_at, id)'),
      one('idx_commands_load', 'commands (user_id, load_id, intended_at)'),
      unique('idx_commands_open', 'commands (user_id, load_id) WHERE (ended_at IS NULL)'),
      one('idx_overrides_open', 'overrides (user_id, ends_at)'),
      one('idx_alerts_user', 'alerts (user_id, raised_at)'),
      unique('idx_alerts_open', 'alerts (user_id, key) WHERE (cleared_at IS NULL)'),
      one('idx_settings_versions_user', 'settings_versions (user_id, id)'),
      one('idx_sessions_user', 'sessions (user_id)'),
      unique('sessions_token_hash_key', 'sessions (token_hash)'),
      one('idx_api_tokens_user', 'api_tokens (user_id)'),
      unique('api_tokens_token_hash_key', 'api_tokens (token_hash)'),
      one('idx_backup_runs_user', 'backup_runs (user_id, requested_at)'),
      one('idx_device_tests_user', 'device_tests (user_id, requested_at)'),
      one('idx_former_connections_user', 'former_connections (user_id)'),
      ...`users user_preferences miner_profiles hvac_zones devices decisions commands overrides alerts settings_versions \
sessions api_tokens backup_runs device_tests former_connections`
        .split(' ')
        .map((table) => primary(table, 'id')),
      ...['control_state', 'backup_settings', 'telemetry_retention', 'telemetry_rollup_state'].map((table) =>
        primary(table, 'user_id'),
      ),
      // The time-series keys start with the owner.
      primary('telemetry', 'user_id, ts'),
      primary('telemetry_1m', 'user_id, ts, simulated'),
      primary('telemetry_15m', 'user_id, ts, simulated'),
      primary('telemetry_1d', 'user_id, day, simulated'),
      primary('resistance_evidence', 'user_id, ts'),
      primary('removed_devices', 'version_id'),
    ].sort(),
  );
});

test.each([
  ['decisions', 'ts desc, id desc'],
  ['decisions', 'load_id desc, ts desc'],
  ['commands', 'intended_at desc, id desc'],
  ['commands', 'load_id desc, intended_at desc'],
  ['alerts', 'raised_at desc'],
  ['settings_versions', 'id desc'],
  ['backup_runs', 'requested_at desc'],
  ['device_tests', 'requested_at desc'],
])('the newest of %s are read off an index by %s', async (table, order) => {
  const plan = await sql.begin(async (tx) => {
    // An empty table would be read whole.
    await tx`set local enable_seqscan = off`;
    await tx`set local enable_bitmapscan = off`;
    return tx.unsafe(`explain select * from ${table} where user_id = '${OWNER}' order by ${order} limit 50`);
  });
  const steps = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(steps).toContain('Index Scan Backward');
  expect(steps).not.toContain('Sort');
});

test('the triggers', () => {
  expect(catalogue.triggers).toEqual(
    ['users', 'user_preferences', 'miner_profiles', 'hvac_zones']
      .map(
        (table) =>
          `TRIGGER zz_touch_updated_at BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION touch_updated_at()`,
      )
      .sort(),
  );
});

interface Rule {
  readonly table: Table;
  /** What is added to the least row: at the bound, and past it by a hair. */
  readonly taken: readonly Row[];
  readonly refused: readonly Row[];
}

/** One of the words, as they are written. */
function words(table: Table, column: string, list: string, other: string): Rule {
  const [first = '', ...more] = list.split(' ');
  const refused = [
    other,
    '',
    `${first} `,
    first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase(),
  ];
  return {
    table,
    taken: [first, ...more].map((word) => ({ [column]: word })),
    refused: refused.map((word) => ({ [column]: word })),
  };
}

/** Whole numbers from `low` to `high`, where there is one. */
function range(table: Table, columns: readonly string[], low: number, high?: number): Rule {
  const rows = (values: readonly (number | undefined)[]) =>
    columns.flatMap((column) =>
      values.flatMap((value) => (value === undefined ? [] : [{ [column]: value }])),
    );
  return {
    table,
    taken: rows([low, high]),
    refused: rows([low - 1, high === undefined ? undefined : high + 1]),
  };
}

/**
 * Columns that rise, `<` or `<=` between each two. Taken: the least rise that is allowed, everywhere at once. Refused:
 * that with one pair a `step` too close, every other pair as far apart as before.
 */
function rising(table: Table, chain: string, from: number, step: number): Rule {
  const parts = chain.split(' ');
  const columns = parts.filter((_, i) => i % 2 === 0);
  const gaps = parts.filter((_, i) => i % 2 === 1).map((sign) => (sign === '<' ? step : 0));
  const row = (bad = -1): Row => {
    let value = from;
    return Object.fromEntries(
      columns.map((column, i) => {
        if (i > 0) value += (gaps[i - 1] ?? 0) - (i - 1 === bad ? step : 0);
        return [column, value.toFixed(2)];
      }),
    );
  };
  return { table, taken: [row()], refused: gaps.map((_, i) => row(i)) };
}

const TEMPERATURES = ['temp_too_cold', 'temp_cold_ok', 'temp_hot_ok', 'temp_too_hot'];
const TEMPERATURE_PAIRS = TEMPERATURES.flatMap((low, i) =>
  TEMPERATURES.slice(i + 1).map((high) => [low, high] as const),
);

const RULES: Readonly<Record<string, Rule>> = {
  valid_email: {
    table: 'users',
    taken: ['a@b.c', 'A@B.C', "o'neil+1@sub.ranch.example"].map((email) => ({ email })),
    refused: ['a@b', 'a@.c', 'a@b.', '@b.c', 'a@b@c.d', 'a @b.c', 'a@b.c\n', ''].map((email) => ({ email })),
  },
  valid_role: words('users', 'role', 'admin user', 'owner'),

  valid_voltage_calibration: rising(
    'user_preferences',
    'voltage_at_0_percent < voltage_at_100_percent',
    50,
    0.01,
  ),
  valid_voltage_ranges: rising(
    'user_preferences',
    `battery_absolute_min <= voltage_shutdown < voltage_critical_low <= voltage_low < voltage_restart <= \
voltage_optimal_min < voltage_optimal_max <= voltage_float < voltage_absorption <= voltage_full <= battery_absolute_max`,
    44,
    0.01,
  ),
  valid_display_units: words('user_preferences', 'display_units', 'metric imperial', 'us'),
  valid_operating_mode: words(
    'user_preferences',
    'operating_mode',
    'conservative balanced aggressive',
    'opportunistic',
  ),
  valid_sag_compensation: words('user_preferences', 'sag_compensation', 'off auto manual', 'on'),
  valid_discharge: {
    table: 'user_preferences',
    taken: [
      { max_battery_discharge_watts: 0, max_battery_discharge_percent: 0 },
      { max_battery_discharge_percent: 100 },
    ],
    refused: [
      { max_battery_discharge_watts: -1 },
      { max_battery_discharge_percent: -1 },
      { max_battery_discharge_percent: 101 },
    ],
  },

  valid_miner_voltages: rising(
    'miner_profiles',
    'emergency_stop_voltage < stop_voltage < start_voltage',
    45,
    0.01,
  ),
  valid_priority: range('miner_profiles', ['priority_level'], 1, 10),
  valid_power_draw: range('miner_profiles', ['power_draw_watts'], 1),
  valid_miner_operating_mode: words(
    'miner_profiles',
    'operating_mode',
    'aggressive balanced opportunistic',
    'conservative',
  ),
  valid_hours: range('miner_profiles', ['prefer_time_start', 'prefer_time_end'], 0, 23),
  valid_miner_times: range(
    'miner_profiles',
    ['start_hysteresis_minutes', 'stop_hysteresis_minutes', 'minimum_on_minutes', 'minimum_off_minutes'],
    0,
  ),

  valid_zone_temperatures: {
    table: 'hvac_zones',
    taken: [
      ...rising('hvac_zones', TEMPERATURES.join(' < '), 0, 0.1).taken,
      ...TEMPERATURES.map((column) => ({ [column]: 20 })),
      ...TEMPERATURE_PAIRS.map(([low, high]) => ({ [low]: 20, [high]: 20.1 })),
    ],
    refused: [
      ...rising('hvac_zones', TEMPERATURES.join(' < '), 0, 0.1).refused,
      ...TEMPERATURE_PAIRS.map(([low, high]) => ({ [low]: 20, [high]: 20 })),
    ],
  },
  valid_fan_speed: range('hvac_zones', ['exhaust_fan_max_speed'], 1, 10),
  valid_heater_power: range('hvac_zones', ['heater_power_watts'], 1),
  valid_heating_priority_1: words('hvac_zones', 'heating_priority_1', 'miner heater none', 'fan'),
  valid_heating_priority_2: words('hvac_zones', 'heating_priority_2', 'miner heater none', 'fan'),

  valid_device_key: {
    table: 'devices',
    taken: ['a', '0_-', 'x'.repeat(63)].map((key) => ({ key })),
    refused: ['', '-a', '_a', 'aB', 'a b', 'a.b', 'a\n', 'x'.repeat(64)].map((key) => ({ key })),
  },
  valid_control_mode: words('control_state', 'control_mode', 'advisory automatic paused', 'manual'),
  valid_charge_block_answer: words('control_state', 'charge_block_answer', 'keep lift', 'ask'),
  valid_verdict: words(
    'decisions',
    'verdict',
    'START KEEP_RUNNING WAIT STOP EMERGENCY_STOP LOCKED_OUT DISABLED CANNOT_DECIDE OVERRIDDEN',
    'RUN',
  ),
  valid_command_state: words(
    'commands',
    'state',
    'intended sent acknowledged observed ramping refused unreachable not_followed reverted superseded',
    'done',
  ),
  valid_override_state: words('overrides', 'state', 'on off', 'auto'),
  valid_override_end: {
    table: 'overrides',
    taken: [{ ends_at: '2026-06-01T12:00:00.001Z' }],
    refused: [{ ends_at: NOON }],
  },
  valid_settings_entity: words(
    'settings_versions',
    'entity',
    'preferences miner zone device miner_order retention',
    'user',
  ),
  valid_token_scope: words('api_tokens', 'scope', 'read control admin', 'write'),
  valid_backup_state: words('backup_runs', 'state', 'requested running done failed', 'passed'),
  valid_device_test_state: words(
    'device_tests',
    'state',
    'requested running passed failed cancelled',
    'done',
  ),
};

describe('the checks', () => {
  test('are all below, each on its table', () => {
    const stored = catalogue.constraints.filter((line) => line.includes(' CHECK '));
    expect(stored.map((line) => line.split(' CHECK ')[0])).toEqual(
      Object.entries(RULES)
        .map(([name, { table }]) => `${table} ${name}`)
        .sort(),
    );
  });

  test.each(Object.entries(RULES))('%s', async (name, { table, taken, refused }) => {
    for (const change of taken) {
      expect(await tryRow(table, { ...LEAST[table], ...change }), JSON.stringify(change)).toBeTypeOf(
        'object',
      );
    }
    for (const change of refused) {
      expect(await tryRow(table, { ...LEAST[table], ...change }), JSON.stringify(change)).toBe(name);
    }
    expect(refused.length).toBeGreaterThan(0);
  });
});
