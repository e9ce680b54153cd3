import { type SQL, sql } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { addDays } from '@/lib/local-day';
import {
  FROM_FINER,
  FROM_PARTS,
  LOAD_FROM_FINER,
  LOAD_FROM_PARTS,
  MEASURES,
  NOTHING_DONE,
} from './rollup-columns';
import { REACH_SECONDS, STEP_SECONDS } from './row-seconds';

export interface RollUp {
  readonly ownerId: string;
  /** IANA zone whose days telemetry_1d holds. */
  readonly timeZone: string;
  /** What counts as a full bank where the charger does not say: at least this voltage, and at most this charge tail (null = never). */
  readonly full: { readonly floatV: number; readonly tailA: number | null };
}

/** A row stands for the time to the next one, at most this long; a longer silence is a gap. */
const LONGEST_SPAN = sql`interval '15 minutes'`;
/** So much at once that a tick never waits long for the lock. */
const CHUNK_MS = 6 * 3_600_000;
const REBUILT_DAYS = 60;
const MINUTE_MS = 60_000;
const LONGEST_SPAN_MS = 15 * MINUTE_MS;
/** No clock was ever put on or back by more at once. */
const MIDNIGHT_SLACK = sql`interval '1 day'`;
const ORIGIN = sql`timestamptz '2000-01-01 00:00:00+00'`;

const iso = (at: number): SQL => sql`${new Date(at).toISOString()}::timestamptz`;
const floorTo = (at: number, stepMs: number): number => Math.floor(at / stepMs) * stepMs;

/** To be called in the transaction that writes telemetry: rows from `earliest` on have to be rolled up (again). */
export async function noteRecorded(tx: Executor, ownerId: string, earliest: Date): Promise<void> {
  await tx.execute(sql`
    insert into telemetry_rollup_state as state (user_id, rolled_to)
    values (${ownerId}, ${earliest.toISOString()}::timestamptz)
    on conflict (user_id) do update set rolled_to = least(state.rolled_to, excluded.rolled_to)`);
}

/** Keeps a roll-up from running beside a change of the rows it reads, until the transaction ends. */
export async function lockRollUps(tx: Executor, ownerId: string): Promise<void> {
  await tx.execute(sql`select from telemetry_rollup_state where user_id = ${ownerId} for update`);
}

/** Rolls up everything that is new or late; resolves once nothing is left. Safe to repeat and to interrupt. */
export async function rollUp(db: Database, request: RollUp): Promise<void> {
  while (!(await rollUpPortion(db, request)));
}

/** About six hours of it, or some weeks of days in another zone, whole or not at all; true when nothing is left. */
export async function rollUpPortion(db: Database, request: RollUp): Promise<boolean> {
  return await db.transaction((tx) => rollUpLocked(tx, request));
}

async function rollUpLocked(tx: Executor, request: RollUp): Promise<boolean> {
  const { ownerId, timeZone } = request;
  await tx.execute(sql`
    insert into telemetry_rollup_state (user_id) values (${ownerId}) on conflict do nothing`);
  await lockRollUps(tx, ownerId);
  const [state] = await tx.execute<{
    rolledTo: number | null;
    first: number | null;
    before: number | null;
    newest: number | null;
    finalBefore: number | null;
    dayZone: string | null;
    rebuiltTo: string | null;
    stayBefore: string | null;
    countedBefore: number | null;
  }>(sql`
    select ${epochMs(sql`(select min(ts) from telemetry t where t.user_id = s.user_id and (s.rolled_to is null or ts >= s.rolled_to))`)} as "first",
      ${epochMs(sql`(select max(ts) from telemetry t where t.user_id = s.user_id and ts < s.rolled_to)`)} as "before",
      ${epochMs(sql`(select max(ts) from telemetry t where t.user_id = s.user_id)`)} as "newest",
      ${epochMs(sql`s.rolled_to`)} as "rolledTo", ${epochMs(sql`s.final_before`)} as "finalBefore", s.day_zone as "dayZone",
      s.rebuilt_to::text as "rebuiltTo", s.days_stay_before::text as "stayBefore", ${epochMs(sql`s.counted_before`)} as "countedBefore"
    from telemetry_rollup_state s where s.user_id = ${ownerId}`);
  if (!state) return true;
  const rebuild =
    state.dayZone === timeZone ? state : await beginRebuild(tx, { ...state, ownerId, timeZone });
  if (rebuild.rebuiltTo !== null) {
    const { rebuiltTo: from, stayBefore, countedBefore } = rebuild;
    await rebuildDays(tx, { ownerId, timeZone, stayBefore, countedBefore, from });
    return false;
  }
  if (state.first === null || state.newest === null) return true;

  // The row before stands for time beyond what was rolled up, and how long is known only now.
  const { rolledTo, before, stayBefore, countedBefore } = state;
  const reachesOver = rolledTo !== null && before !== null && rolledTo - before <= LONGEST_SPAN_MS;
  const touched = floorTo(reachesOver ? before : state.first, MINUTE_MS);
  const from = Math.max(touched, (state.finalBefore ?? Number.NEGATIVE_INFINITY) + LONGEST_SPAN_MS);
  const end = floorTo(state.newest + LONGEST_SPAN_MS, MINUTE_MS) + MINUTE_MS;
  // What the newest row stands for belongs to the same portion: no row would bring another one there.
  const isLast = state.newest < from + CHUNK_MS;
  const to = isLast ? end : from + CHUNK_MS;
  if (to > from) {
    await rollMinutes(tx, request, from, to);
    await rollQuarters(tx, ownerId, from, to);
    const dayOf = (at: number) => sql`(${iso(at)} at time zone ${timeZone})::date`;
    const range = { first: dayOf(from), last: dayOf(to - 1) };
    await rollDays(tx, { ownerId, timeZone, stayBefore, countedBefore, ...range });
  }
  await tx.execute(
    sql`update telemetry_rollup_state set rolled_to = ${iso(isLast ? state.newest + 1 : to)} where user_id = ${ownerId}`,
  );
  return isLast;
}

function epochMs(instant: SQL): SQL {
  return sql`(extract(epoch from ${instant}) * 1000)::float8`;
}

/** Raw rows → minutes. Each row stands for the time to the next one, cut at the minutes' edges. */
async function rollMinutes(tx: Executor, { ownerId, full }: RollUp, from: number, to: number): Promise<void> {
  // A span that ended up shorter than it seemed leaves a bucket that is no more.
  await tx.execute(sql`
    delete from telemetry_1m where user_id = ${ownerId} and ts >= ${iso(from)} and ts < ${iso(to)}`);
  await tx.execute(sql`
    with lengths as (
      select *, make_interval(secs => step) as one_step,
        make_interval(secs => least(${REACH_SECONDS}, ${LONGEST_SPAN_MS / 1000})) as reach
      from (
        select ts, simulated, pack_voltage_v, current_a, battery_power_w, battery_temperature_c, voltage_soc_pct,
          reported_soc_pct, pv_w, load_w, grid_w, charge_stage, loads, zones,
          (sky ->> 'clearSkyW')::float8 as clear_sky_w, ${STEP_SECONDS} as step
        from telemetry
        where user_id = ${ownerId} and ts >= ${iso(from)} - ${LONGEST_SPAN} and ts < ${iso(to)} + ${LONGEST_SPAN}
      ) as recorded
    ), spans as (
      select *, case when lead(ts) over o - ts <= reach then lead(ts) over o else ts + one_step end as until,
        ts - lag(ts) over o <= lag(reach) over o as follows, lag(loads) over o as prev_loads
      from lengths window o as (order by ts)
    ), parts as materialized (
      select spans.*, bucket, bucket = date_bin('1 minute', ts, ${ORIGIN}) as is_first,
        extract(epoch from least(until, bucket + interval '1 minute') - greatest(ts, bucket))::float8 as s,
        charge_stage = 'float' or (charge_stage = 'unknown' and pack_voltage_v >= ${full.floatV}::float8
          and current_a between 0 and ${full.tailA}::float8) as is_full,
        (charge_stage in ('absorption', 'float', 'throttled')
          or (charge_stage = 'unknown' and pack_voltage_v >= ${full.floatV}::float8))
          and pv_w > 0 and coalesce(battery_power_w, 0) >= 0 as is_throttled
      from spans, generate_series(
        date_bin('1 minute', ts, ${ORIGIN}), until - interval '1 microsecond', interval '1 minute') as bucket
      where bucket >= ${iso(from)} and bucket < ${iso(to)}
    ), measured as (
      select bucket, simulated, ${FROM_PARTS} from parts p group by bucket, simulated
    ), load_buckets as (
      select bucket, simulated, l.key, ${LOAD_FROM_PARTS} as load
      from parts p, jsonb_each(p.loads) as l group by bucket, simulated, l.key
    ), zone_buckets as (
      select bucket, simulated, z.key, sum((z.value ->> 'c')::float8 * p.s) / sum(p.s) as c
      from parts p, jsonb_each(p.zones) as z where z.value ? 'c' and p.s > 0 group by bucket, simulated, z.key
    )
    ${insertBuckets('telemetry_1m', 'ts', ownerId)}`);
}

/** Minutes → quarters of an hour. */
async function rollQuarters(tx: Executor, ownerId: string, from: number, to: number): Promise<void> {
  const quarterOf = (at: number) => sql`date_bin('15 minutes', ${iso(at)}, ${ORIGIN})`;
  const range = sql`user_id = ${ownerId} and ts >= ${quarterOf(from)} and ts < ${quarterOf(to - 1)} + interval '15 minutes'`;
  await tx.execute(sql`delete from telemetry_15m where ${range}`);
  await tx.execute(
    fromFiner({
      target: 'telemetry_15m',
      key: 'ts',
      ownerId,
      finer: sql`select date_bin('15 minutes', ts, ${ORIGIN}) as bucket, * from telemetry_1m where ${range}`,
    }),
  );
}

/** Quarters → local days. No zone is off by less than a quarter of an hour, so each belongs to one day. */
async function rollDays(tx: Executor, days: LocalDays): Promise<void> {
  const { ownerId, timeZone, last, stayBefore, countedBefore } = days;
  const first = sql`greatest(${days.first}, ${stayBefore}::date)`;
  await tx.execute(
    sql`delete from telemetry_1d where user_id = ${ownerId} and day between ${first} and ${last}`,
  );
  await tx.execute(
    fromFiner({
      target: 'telemetry_1d',
      key: 'day',
      ownerId,
      // A midnight that comes twice tells no instant: the date of each quarter says where it belongs.
      finer: sql`select (ts at time zone ${timeZone})::date as bucket, * from telemetry_15m
        where user_id = ${ownerId} and (ts at time zone ${timeZone})::date between ${first} and ${last}
          and ts >= ${first}::timestamp at time zone ${timeZone} - ${MIDNIGHT_SLACK}
          and ts < (${last} + 1)::timestamp at time zone ${timeZone} + ${MIDNIGHT_SLACK}
          ${countedBefore === null ? sql`` : sql`and ts >= ${iso(countedBefore)}`}`,
    }),
  );
}

/** Notes that days follow another zone, and which of them stay as they were, their quarters being gone. */
async function beginRebuild(tx: Executor, change: ZoneChange): Promise<Rebuild> {
  const rebuild = await planRebuild(tx, change);
  const { rebuiltTo, stayBefore, countedBefore } = rebuild;
  await tx.execute(sql`
    update telemetry_rollup_state set day_zone = ${change.timeZone}, rebuilt_to = ${rebuiltTo}::date,
      days_stay_before = ${stayBefore}::date, counted_before = ${countedBefore === null ? null : iso(countedBefore)}
    where user_id = ${change.ownerId}`);
  return rebuild;
}

async function planRebuild(tx: Executor, change: ZoneChange): Promise<Rebuild> {
  const { ownerId, timeZone, stayBefore, countedBefore } = change;
  const dayZone = change.dayZone ?? timeZone;
  const [oldest] = await tx.execute<{
    day: string | null;
    quarterDay: string;
    dayBefore: string;
    quarter: number;
    newest: number;
  }>(sql`
    select (select min(day) from telemetry_1d where user_id = ${ownerId})::text as "day",
      (ts at time zone ${timeZone})::date::text as "quarterDay", (ts at time zone ${dayZone})::date::text as "dayBefore",
      ${epochMs(sql`ts`)} as "quarter", ${epochMs(sql`(select max(ts) from telemetry_15m where user_id = ${ownerId})`)} as "newest"
    from telemetry_15m where user_id = ${ownerId} order by ts limit 1`);
  if (!oldest) return { rebuiltTo: null, stayBefore, countedBefore };
  const { day, quarterDay, dayBefore, quarter, newest } = oldest;
  // No more quarters have gone since some days stayed as they were: the same ones do.
  if (countedBefore !== null && quarter <= countedBefore)
    return { rebuiltTo: stayBefore, stayBefore, countedBefore };
  if (day === null || day >= addDays(quarterDay, -1))
    return { rebuiltTo: day === null || day > quarterDay ? quarterDay : day, stayBefore, countedBefore };
  const next = addDays(quarterDay, 1);
  const counted = await startOfDay(tx, ownerId, next, dayZone);
  // The day of the oldest quarter stays only if it lost others, and if there is a later one to go on from.
  if (counted > newest || (await isWhole(tx, { ownerId, day: dayBefore, dayZone, quarter }))) {
    const first = await firstFree(tx, { ownerId, day: dayBefore, quarterDay, stayBefore });
    return { rebuiltTo: first, stayBefore: first, countedBefore: quarter };
  }
  return { rebuiltTo: next, stayBefore: next, countedBefore: Math.max(counted, countedBefore ?? counted) };
}

/** Whether a day has all its quarters still, of which that one is the first. */
async function isWhole(
  tx: Executor,
  of: { readonly ownerId: string; readonly day: string; readonly dayZone: string; readonly quarter: number },
): Promise<boolean> {
  const { ownerId, day, dayZone, quarter } = of;
  const [sums] = await tx.execute<{ isWhole: boolean }>(sql`
    select coalesce((select sum(samples) from telemetry_1d where user_id = ${ownerId} and day = ${day}::date)
      = sum(samples), true) as "isWhole"
    from telemetry_15m where user_id = ${ownerId} and ts < ${iso(quarter)} + 2 * ${MIDNIGHT_SLACK}
      and (ts at time zone ${dayZone})::date = ${day}::date`);
  return sums?.isWhole === true;
}

/** The date from which that day can be made anew: its own, or back to `quarterDay` as far as no other day is there. */
async function firstFree(
  tx: Executor,
  of: {
    readonly ownerId: string;
    readonly day: string;
    readonly quarterDay: string;
    readonly stayBefore: string | null;
  },
): Promise<string> {
  const { ownerId, day, quarterDay, stayBefore } = of;
  const [free] = await tx.execute<{ first: string }>(sql`
    select greatest(${stayBefore}::date, least(${day}::date, greatest(${quarterDay}::date, max(day) + 1)))::text as "first"
    from telemetry_1d where user_id = ${ownerId} and day < ${day}::date`);
  if (!free) throw new Error('An aggregate without groups gives one row.');
  return free.first;
}

/** A midnight that comes twice tells no instant: where there is a quarter, its date says where the day begins. */
async function startOfDay(tx: Executor, ownerId: string, day: string, timeZone: string): Promise<number> {
  const midnight = sql`${day}::timestamp at time zone ${timeZone}`;
  const [start] = await tx.execute<{ at: number }>(sql`
    select ${epochMs(sql`coalesce(min(ts), ${midnight})`)} as at from telemetry_15m
    where user_id = ${ownerId} and ts >= ${midnight} - ${MIDNIGHT_SLACK} and ts < ${midnight} + ${MIDNIGHT_SLACK}
      and (ts at time zone ${timeZone})::date >= ${day}::date`);
  if (!start) throw new Error('An aggregate without groups gives one row.');
  return start.at;
}

/** Some weeks of days at once, and notes how far it has come. */
async function rebuildDays(
  tx: Executor,
  rebuild: Omit<LocalDays, 'first' | 'last'> & { readonly from: string },
): Promise<void> {
  const { ownerId, timeZone, stayBefore, countedBefore, from } = rebuild;
  const next = addDays(from, REBUILT_DAYS);
  const range = { first: sql`${from}::date`, last: sql`${next}::date - 1` };
  await rollDays(tx, { ownerId, timeZone, stayBefore, countedBefore, ...range });
  // Until they are made anew, days that still follow the other zone would count some hours once more; no two zones are
  // further apart than 26 hours.
  await tx.execute(sql`
    delete from telemetry_1d where user_id = ${ownerId} and day between ${next}::date and ${next}::date + 1`);
  // On to the next day of which there is anything: a clock that was wrong leaves years between them.
  await tx.execute(sql`
    update telemetry_rollup_state set rebuilt_to = least(
      (select min(day) from telemetry_1d where user_id = ${ownerId} and day >= ${next}::date),
      (select min((ts at time zone ${timeZone})::date) from telemetry_15m
        where user_id = ${ownerId} and ts >= ${next}::timestamp at time zone ${timeZone} - ${MIDNIGHT_SLACK}
          and (ts at time zone ${timeZone})::date >= ${next}::date))
    where user_id = ${ownerId}`);
}

interface LocalDays extends Pick<Rebuild, 'stayBefore' | 'countedBefore'> {
  readonly ownerId: string;
  readonly timeZone: string;
  /** SQL dates, both included. */
  readonly first: SQL;
  readonly last: SQL;
}

/** How the days come to follow a zone. */
interface Rebuild {
  /** The first date to be made anew; null: none is. */
  readonly rebuiltTo: string | null;
  /** Days before this date stay as they are, whatever zone each of them follows: their quarters are gone. */
  readonly stayBefore: string | null;
  /** They hold what there is before this moment: no other day counts it again. Null: none stays. */
  readonly countedBefore: number | null;
}

interface ZoneChange extends Pick<Rebuild, 'stayBefore' | 'countedBefore'> {
  readonly ownerId: string;
  readonly timeZone: string;
  /** The zone before. */
  readonly dayZone: string | null;
}

interface Coarser {
  readonly target: 'telemetry_15m' | 'telemetry_1d';
  readonly key: 'ts' | 'day';
  readonly ownerId: string;
  /** Finer rows with the `bucket` that each belongs to. */
  readonly finer: SQL;
}

function fromFiner({ target, key, ownerId, finer }: Coarser): SQL {
  return sql`
    with finer as materialized (${finer}), measured as (
      select bucket, simulated, ${FROM_FINER} from finer f group by bucket, simulated
    ), load_buckets as (
      select bucket, simulated, l.key, ${LOAD_FROM_FINER} as load
      from finer f, jsonb_each(f.loads) as l group by bucket, simulated, l.key
    ), zone_buckets as (
      select bucket, simulated, z.key, sum(z.value::text::float8 * f.covered_seconds) / sum(f.covered_seconds) as c
      from finer f, jsonb_each(f.zones) as z where f.covered_seconds > 0 group by bucket, simulated, z.key
    )
    ${insertBuckets(target, key, ownerId)}`;
}

/** Writes what the CTEs `measured`, `load_buckets` and `zone_buckets` hold. */
function insertBuckets(
  target: 'telemetry_1m' | Coarser['target'],
  key: Coarser['key'],
  ownerId: string,
): SQL {
  return sql`
    insert into ${sql.raw(target)} (user_id, ${sql.raw(key)}, simulated, ${MEASURES}, loads, zones)
    select ${ownerId}::uuid, bucket, simulated, ${MEASURES}, coalesce(l.loads, '{}'), coalesce(z.zones, '{}')
    from measured m
    left join (
      select bucket, simulated, jsonb_object_agg(key, load) filter (where load <> ${NOTHING_DONE}) as loads
      from load_buckets group by bucket, simulated
    ) l using (bucket, simulated)
    left join (
      select bucket, simulated, jsonb_object_agg(key, round(c::numeric, 2)) as zones
      from zone_buckets group by bucket, simulated
    ) z using (bucket, simulated)`;
}
