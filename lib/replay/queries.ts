import { and, asc, desc, eq, gte, lt, max, type SQL, sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { controlState, overrides, settingsVersions, telemetry, userPreferences } from '@/db/schema';
import { SUNNY } from '@/lib/core/replay/types';
import { CHARGE_STAGES, type KernelConfig, LOAD_STATES, type LoadKind } from '@/lib/core/types';
import { fromTelemetryRow } from '@/lib/telemetry/row';
import { settingsNow } from './settings-at';

interface Range {
  readonly ownerId: string;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
}

/** JSON arrays and digit strings as the database wrote them: a month of minutes is not worth parsing twice. */
export interface HistoryText {
  /** Milliseconds after `from`. */
  readonly at: string;
  readonly columns: Readonly<Record<HistoryColumn, string>>;
  /** One digit per row. */
  readonly chargeStage: string;
  readonly sunny: string;
  readonly loads: readonly LoadText[];
  readonly zones: readonly { readonly id: string; readonly temperatureC: string }[];
}

export interface LoadText {
  readonly id: string;
  readonly kind: LoadKind;
  /** One digit per row; "-" where nothing was known of it. */
  readonly state: string;
  readonly powerW: string;
  readonly insideMeasuredLoad: boolean;
}

const COLUMNS = {
  packVoltageV: sql`round(pack_voltage_v::numeric, 3)`,
  currentA: sql`round(current_a::numeric, 2)`,
  batteryW: sql`round(battery_power_w::numeric)`,
  batteryTemperatureC: sql`round(battery_temperature_c::numeric, 1)`,
  pvW: sql`round(pv_w::numeric)`,
  loadW: sql`round(load_w::numeric)`,
  gridW: sql`round(grid_w::numeric)`,
  clearSkyW: sql`sky ->> 'clearSkyW'`,
} as const;
export type HistoryColumn = keyof typeof COLUMNS;

export interface ReplayPast {
  readonly range: Range;
  readonly tickSeconds: number;
  readonly history: HistoryText;
  /** The settings as they stand, with the overrides of the range. */
  readonly config: KernelConfig;
  readonly timeZone: string;
  /** Rows from here on were decided by these settings, epoch ms; null = none in automatic mode. */
  readonly comparableFrom: number | null;
}

/** A tick of history is a minute, or longer where the site was recorded more seldom, s. */
const TICK_SECONDS = 60;

/** What a what-if replays and by which settings; null where nothing was recorded in the range. */
export async function readReplayPast(db: Executor, range: Range): Promise<ReplayPast | null> {
  const { ownerId } = range;
  const [newest] = await db
    .select()
    .from(telemetry)
    .where(
      and(
        eq(telemetry.userId, ownerId),
        gte(telemetry.ts, new Date(range.from)),
        lt(telemetry.ts, new Date(range.to)),
      ),
    )
    .orderBy(desc(telemetry.ts))
    .limit(1);
  const settings = await settingsNow(db, ownerId);
  const [zone] = await db
    .select({ timezone: userPreferences.timezone })
    .from(userPreferences)
    .where(eq(userPreferences.userId, ownerId));
  if (newest === undefined || settings === null || zone === undefined) return null;
  const { snapshot, config: last } = fromTelemetryRow(newest);
  const rowSeconds = Math.min(snapshot.tickSeconds, TICK_SECONDS);
  return {
    range,
    tickSeconds: Math.max(snapshot.tickSeconds, TICK_SECONDS),
    history: await readHistory(db, range, {
      simulated: newest.simulated,
      rowSeconds,
      loads: Object.entries(snapshot.loads).map(([id, { kind, insideMeasuredLoad }]) => ({
        id,
        kind,
        insideMeasuredLoad,
      })),
      zoneIds: Object.keys(snapshot.zones),
    }),
    config: { ...last, ...settings, overrides: await overridesIn(db, range) },
    timeZone: zone.timezone,
    comparableFrom: await comparableFrom(db, ownerId),
  };
}

async function overridesIn(db: Executor, { ownerId, from, to }: Range): Promise<KernelConfig['overrides']> {
  const until = sql`coalesce(${overrides.endedAt}, ${overrides.endsAt})`;
  const rows = await db
    .select()
    .from(overrides)
    .where(
      and(
        eq(overrides.userId, ownerId),
        lt(overrides.startsAt, new Date(to)),
        sql`${until} > ${new Date(from).toISOString()}::timestamptz`,
      ),
    )
    .orderBy(asc(overrides.id));
  return rows.map(({ id, loadId, state, startsAt, endsAt, endedAt }) => ({
    id,
    loadId,
    state,
    startsAt: startsAt.getTime(),
    endsAt: (endedAt ?? endsAt).getTime(),
  }));
}

async function comparableFrom(db: Executor, ownerId: string): Promise<number | null> {
  const [state] = await db.select().from(controlState).where(eq(controlState.userId, ownerId));
  if (state?.controlMode !== 'automatic') return null;
  const [changed] = await db
    .select({ at: max(settingsVersions.at) })
    .from(settingsVersions)
    .where(eq(settingsVersions.userId, ownerId));
  return Math.max(state.modeSince.getTime(), changed?.at?.getTime() ?? 0);
}

interface Wanted {
  readonly simulated: boolean;
  /** Distance of the recorded rows, s. */
  readonly rowSeconds: number;
  readonly loads: readonly Pick<LoadText, 'id' | 'kind' | 'insideMeasuredLoad'>[];
  readonly zoneIds: readonly string[];
}

/** One row per minute, the first of each, as columns of text. */
async function readHistory(db: Executor, range: Range, wanted: Wanted): Promise<HistoryText> {
  const from = new Date(range.from).toISOString();
  const to = new Date(range.to).toISOString();
  const selected: SQL[] = [
    sql`${listOf(sql`(extract(epoch from ts - ${from}::timestamptz) * 1000)::bigint`)} as "at"`,
    sql`${digitsOf(CHARGE_STAGES, sql`charge_stage`)} as "chargeStage"`,
    sql`${digitsOf(SUNNY, sql`sky ->> 'sunny'`)} as "sunny"`,
  ];
  for (const [name, value] of Object.entries(COLUMNS)) {
    selected.push(sql`${listOf(value)} as ${sql.identifier(name)}`);
  }
  for (const [i, { id }] of wanted.loads.entries()) {
    selected.push(
      sql`${digitsOf(LOAD_STATES, sql`loads -> ${id}::text ->> 'state'`)} as ${sql.identifier(`state${i}`)}`,
      sql`${listOf(sql`loads -> ${id}::text ->> 'w'`)} as ${sql.identifier(`w${i}`)}`,
    );
  }
  for (const [i, id] of wanted.zoneIds.entries()) {
    selected.push(sql`${listOf(sql`zones -> ${id}::text ->> 'c'`)} as ${sql.identifier(`c${i}`)}`);
  }
  const [texts] = await db.execute<Record<string, string>>(sql`
    select ${sql.join(selected, sql`, `)}
    from (
      select ts, pack_voltage_v, current_a, battery_power_w, battery_temperature_c, pv_w, load_w, grid_w,
        charge_stage, sky, loads, zones
      from telemetry
      where user_id = ${range.ownerId} and ts >= ${from}::timestamptz and ts < ${to}::timestamptz
        and simulated = ${wanted.simulated}
        and extract(second from ts) < ${wanted.rowSeconds}
      order by ts
    ) as minutes`);
  const text = (name: string): string => texts?.[name] ?? '';
  return {
    at: text('at'),
    columns: Object.fromEntries(Object.keys(COLUMNS).map((name) => [name, text(name)])) as Record<
      HistoryColumn,
      string
    >,
    chargeStage: text('chargeStage'),
    sunny: text('sunny'),
    loads: wanted.loads.map((load, i) => ({ ...load, state: text(`state${i}`), powerW: text(`w${i}`) })),
    zones: wanted.zoneIds.map((id, i) => ({ id, temperatureC: text(`c${i}`) })),
  };
}

/** A JSON array of numbers and nulls. */
function listOf(value: SQL): SQL {
  return sql`'[' || coalesce(string_agg(coalesce((${value})::text, 'null'), ','), '') || ']'`;
}

/** The position of each word in its list, as one digit per row. */
function digitsOf(words: readonly string[], value: SQL): SQL {
  const cases = words.map((word, i) => sql.raw(`when '${word}' then '${i}'`));
  return sql`coalesce(string_agg(case ${value} ${sql.join(cases, sql` `)} else '-' end, ''), '')`;
}
