import { type SQL, sql } from 'drizzle-orm';

/** How each column of a roll-up is made: from parts of raw rows (`p`, `p.s` seconds each), or from finer buckets (`f`). */
interface Column {
  readonly name: string;
  readonly fromParts: string;
  readonly fromFiner: string;
}

/** A full bank, and an array that a full bank holds back (control.md §3); the CTE `parts` names both. */
const FULL = 'p.is_full';
const THROTTLED = 'p.is_throttled';

/** `seconds`: the column that weights its average in coarser buckets. */
function spread(raw: string, stem: string, unit: string, seconds: string): Column[] {
  const column = (kind: string) => `${stem}_${kind}_${unit}`;
  return [
    { name: column('min'), fromParts: `min(${raw})`, fromFiner: `min(f.${column('min')})` },
    average(column('avg'), raw, seconds),
    { name: column('max'), fromParts: `max(${raw})`, fromFiner: `max(f.${column('max')})` },
  ];
}

function average(name: string, raw: string, seconds: string): Column {
  return {
    name,
    fromParts: `sum(${raw} * p.s) / nullif(sum(p.s) filter (where ${raw} is not null), 0)`,
    fromFiner: `sum(f.${name}::float8 * f.${seconds}) / nullif(sum(f.${seconds}) filter (where f.${name} is not null), 0)`,
  };
}

/** Wh of a power over real seconds; null where it was never known. */
function energy(name: string, raw: string, power = raw): Column {
  return {
    name,
    fromParts: `sum(${power} * p.s) filter (where ${raw} is not null) / 3600`,
    fromFiner: `sum(f.${name}::float8)`,
  };
}

function seconds(name: string, condition: string): Column {
  return {
    name,
    fromParts: `coalesce(sum(p.s) filter (where ${condition}), 0)`,
    fromFiner: `sum(f.${name}::float8)`,
  };
}

const COLUMNS: readonly Column[] = [
  ...spread('p.pack_voltage_v', 'pack_voltage', 'v', 'covered_seconds'),
  ...spread('p.current_a', 'current', 'a', 'covered_seconds'),
  ...spread('p.battery_power_w', 'battery_power', 'w', 'battery_seconds'),
  ...spread('p.battery_temperature_c', 'battery_temperature', 'c', 'covered_seconds'),
  average('voltage_soc_avg_pct', 'p.voltage_soc_pct', 'covered_seconds'),
  average('reported_soc_avg_pct', 'p.reported_soc_pct', 'covered_seconds'),
  ...spread('p.pv_w', 'pv', 'w', 'pv_seconds'),
  ...spread('p.load_w', 'load', 'w', 'load_seconds'),
  ...spread('p.grid_w', 'grid', 'w', 'grid_seconds'),
  energy('pv_energy_wh', 'p.pv_w'),
  energy('load_energy_wh', 'p.load_w'),
  energy('battery_in_energy_wh', 'p.battery_power_w', 'greatest(p.battery_power_w, 0)'),
  energy('battery_out_energy_wh', 'p.battery_power_w', 'greatest(-p.battery_power_w, 0)'),
  energy('import_energy_wh', 'p.grid_w', 'greatest(p.grid_w, 0)'),
  energy('export_energy_wh', 'p.grid_w', 'greatest(-p.grid_w, 0)'),
  seconds('covered_seconds', 'true'),
  { name: 'samples', fromParts: 'count(*) filter (where p.is_first)', fromFiner: 'sum(f.samples)' },
  seconds('pv_seconds', 'p.pv_w is not null'),
  seconds('load_seconds', 'p.load_w is not null'),
  seconds('battery_seconds', 'p.battery_power_w is not null'),
  seconds('grid_seconds', 'p.grid_w is not null'),
  seconds('full_seconds', FULL),
  seconds('throttled_seconds', THROTTLED),
  {
    name: 'held_back_energy_wh',
    fromParts: `sum(greatest(p.clear_sky_w - p.pv_w, 0) * p.s) filter (where ${THROTTLED} and p.clear_sky_w is not null) / 3600`,
    fromFiner: 'sum(f.held_back_energy_wh::float8)',
  },
];

const list = (texts: readonly string[]): SQL => sql.raw(texts.join(', '));

/** Names of the measuring columns, and what fills them, in the same order. */
export const MEASURE_NAMES = COLUMNS.map(({ name }) => name);
export const MEASURES = list(MEASURE_NAMES);
export const FROM_PARTS = list(COLUMNS.map(({ name, fromParts }) => `${fromParts} as ${name}`));
export const FROM_FINER = list(COLUMNS.map(({ name, fromFiner }) => `${fromFiner} as ${name}`));
const ON = `l.value ->> 'state' in ('on', 'ramping')`;
const WAS_ON = `p.prev_loads -> l.key ->> 'state' in ('on', 'ramping')`;
const sumOf = (field: string) => `sum((l.value ->> '${field}')::float8)`;

/** A RolledLoad out of one load's parts or finer buckets; zeros are left out, `on` aside. */
function rolledLoad(fields: Readonly<Record<string, string>>): SQL {
  const pairs = Object.entries(fields).map(([name, value]) => {
    const rounded = `trim_scale(round(coalesce(${value}, 0)::numeric, 3))`;
    return `'${name}', ${name === 'on' ? rounded : `nullif(${rounded}, 0)`}`;
  });
  return sql.raw(`jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')}))`);
}

export const LOAD_FROM_PARTS = rolledLoad({
  on: `sum(p.s) filter (where ${ON})`,
  unknown: `sum(p.s) filter (where l.value ->> 'state' = 'unknown')`,
  metered: `sum(p.s) filter (where ${ON} and l.value ? 'w')`,
  wh: `sum((l.value ->> 'w')::float8 * p.s) filter (where ${ON}) / 3600`,
  starts: `count(*) filter (where p.is_first and p.follows and ${ON} and p.prev_loads -> l.key ->> 'state' = 'off')`,
  stops: `count(*) filter (where p.is_first and p.follows and l.value ->> 'state' = 'off' and ${WAS_ON})`,
});

export const LOAD_FROM_FINER = rolledLoad({
  on: sumOf('on'),
  unknown: sumOf('unknown'),
  metered: sumOf('metered'),
  wh: sumOf('wh'),
  starts: sumOf('starts'),
  stops: sumOf('stops'),
});

/** What a load did that was seen off all along. */
export const NOTHING_DONE = sql.raw(`'{"on": 0}'::jsonb`);
