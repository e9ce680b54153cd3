import { and, asc, eq, gte, lt, lte, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { decisions, telemetry, userPreferences } from '@/db/schema';
import { type RecordedTick, replayExact } from '@/lib/core/replay/exact';
import type { ReplayReport } from '@/lib/core/replay/types';
import type { KernelConfig, Memory } from '@/lib/core/types';
import { addDays, startOfLocalDate } from '@/lib/local-day';
import { fromTelemetryRow } from '@/lib/telemetry/row';
import { settingsAt } from './settings-at';

export interface ReplayedDay {
  readonly report: ReplayReport;
  /** Verdicts decided again: one per load and tick. */
  readonly verdicts: number;
  readonly reproduced: number;
  /** The first that differ, in words. */
  readonly differences: readonly string[];
}

const MOST_DIFFERENCES = 20;

/**
 * Decides a recorded local day again from its log and holds every verdict and binding gate against what was recorded.
 * Null where the day has no rows. Throws RangeError where its first row carries no memory to begin with.
 */
export async function replayDay(
  db: Database,
  { ownerId, date }: { readonly ownerId: string; readonly date: string },
): Promise<ReplayedDay | null> {
  const ticks = await recordedTicks(db, ownerId, date);
  const first = ticks[0];
  const last = ticks.at(-1);
  if (first === undefined || last === undefined) return null;
  const recorded = await recordedVerdicts(db, ownerId, first.snapshot.now, last.snapshot.now);
  const differences: string[] = [];
  let verdicts = 0;
  let reproduced = 0;
  const report = replayExact(ticks, {
    each: (tick) => {
      for (const { id, plan, verdict, binding } of tick.loads) {
        const was = recorded.at(id, tick.now);
        if (was === null) continue;
        verdicts++;
        // The log holds a gate only for the tick at which the verdict changed.
        const isSame = was.verdict === verdict && (was.at !== tick.now || was.binding === binding);
        if (isSame) reproduced++;
        else if (differences.length < MOST_DIFFERENCES) {
          const when = new Date(tick.now).toISOString();
          differences.push(
            `${when} ${plan.name}: recorded ${was.verdict} (${was.binding ?? 'nothing binds'}), replayed ${verdict} (${binding ?? 'nothing binds'})`,
          );
        }
      }
    },
  });
  return report && { report, verdicts, reproduced, differences };
}

async function recordedTicks(db: Database, ownerId: string, date: string): Promise<RecordedTick[]> {
  const [zone] = await db
    .select({ timezone: userPreferences.timezone })
    .from(userPreferences)
    .where(eq(userPreferences.userId, ownerId));
  if (zone === undefined) return [];
  const midnight = (day: number) => new Date(startOfLocalDate(addDays(date, day), zone.timezone));
  const rows = await db
    .select()
    .from(telemetry)
    .where(and(eq(telemetry.userId, ownerId), gte(telemetry.ts, midnight(0)), lt(telemetry.ts, midnight(1))))
    .orderBy(asc(telemetry.ts));
  const settings = await settingsAt(db, ownerId, new Set(rows.map((row) => row.configVersion)));
  let config: KernelConfig | null = null;
  let known = '';
  return rows.map((row) => {
    const { snapshot, config: logged } = fromTelemetryRow(row);
    const key = JSON.stringify([row.configVersion, logged]);
    const own = settings.get(row.configVersion);
    if (own === undefined) throw new RangeError(`no settings are known for version ${row.configVersion}`);
    if (config === null || key !== known) config = { ...own, ...logged };
    known = key;
    return { snapshot, config, memory: row.memory as Memory | null };
  });
}

interface Was {
  readonly at: number;
  readonly verdict: string;
  readonly binding: string | null;
}

/** What stood on record for each load at a moment: the newest change of verdict. */
async function recordedVerdicts(db: Database, ownerId: string, from: number, to: number) {
  const rows = await db
    .select({
      ts: decisions.ts,
      loadId: decisions.loadId,
      verdict: decisions.verdict,
      binding: decisions.bindingGate,
    })
    .from(decisions)
    .where(
      and(
        eq(decisions.userId, ownerId),
        lte(decisions.ts, new Date(to)),
        gte(
          decisions.ts,
          sql`coalesce((select max(d.ts) from decisions d where d.user_id = ${ownerId}
            and d.load_id = ${decisions.loadId} and d.ts <= ${new Date(from).toISOString()}::timestamptz), '-infinity')`,
        ),
      ),
    )
    .orderBy(asc(decisions.ts), asc(decisions.id));
  const byLoad = new Map<string, { next: number; changes: Was[] }>();
  for (const { ts, loadId, verdict, binding } of rows) {
    const own = byLoad.get(loadId) ?? { next: 0, changes: [] };
    own.changes.push({ at: ts.getTime(), verdict, binding });
    byLoad.set(loadId, own);
  }
  return {
    /** To be asked in the order of time. Null: nothing was recorded for it so far. */
    at(loadId: string, now: number): Was | null {
      const own = byLoad.get(loadId);
      if (own === undefined) return null;
      while ((own.changes[own.next]?.at ?? Number.POSITIVE_INFINITY) <= now) own.next++;
      return own.changes[own.next - 1] ?? null;
    },
  };
}
