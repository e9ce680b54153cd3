import { eq } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { telemetryRetention, users } from '@/db/schema';
import type { FieldIssue } from '@/lib/errors';
import { changeSettings, type Edit } from '@/lib/settings-versions/change';
import { requireMatch, requireNoIssues } from '@/lib/settings-versions/guard';
import { recordChange } from '@/lib/settings-versions/record';
import { getRetention } from './queries';
import type { Retention, RetentionPatch } from './schema';
import { serialiseRetention, type WireRetention } from './serialise';

const FOREVER = Number.POSITIVE_INFINITY;

/** A coarser tier is made from the one below it, so it is kept at least as long. */
function orderIssues(wire: WireRetention, patch: RetentionPatch): FieldIssue[] {
  const pairs = [
    ['raw_days', 'minute_days'],
    ['minute_days', 'quarter_days'],
  ] as const;
  const words = (value: number | null) => (value === null ? 'for ever' : `${value} days`);
  return pairs.flatMap(([finer, coarser]) => {
    if ((wire[finer] ?? FOREVER) <= (wire[coarser] ?? FOREVER)) return [];
    return [
      {
        path: Object.hasOwn(patch, coarser) && !Object.hasOwn(patch, finer) ? coarser : finer,
        code: 'ordering',
        message: `${finer} (${words(wire[finer])}) must be at most ${coarser} (${words(wire[coarser])}).`,
        values: { [finer]: wire[finer], [coarser]: wire[coarser] },
      },
    ];
  });
}

/**
 * Applies a partial update, checked together with what is stored. What is older goes at the worker's next hourly prune.
 * @throws AppError invalid, stale.
 */
export async function setRetention(
  db: Database,
  edit: Edit & { readonly patch: RetentionPatch },
): Promise<Retention> {
  const { ownerId, patch } = edit;
  return changeSettings(db, async (tx) => {
    await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('no key update');
    const before = serialiseRetention(await getRetention(tx, ownerId));
    requireMatch(before, edit.ifMatch);
    const wire = { ...before, ...patch };
    requireNoIssues(orderIssues(wire, patch));
    const after: Retention = {
      rawDays: wire.raw_days,
      minuteDays: wire.minute_days,
      quarterDays: wire.quarter_days,
    };
    await tx
      .insert(telemetryRetention)
      .values({ userId: ownerId, ...after })
      .onConflictDoUpdate({ target: telemetryRetention.userId, set: { ...after, updatedAt: new Date() } });
    await recordChange(tx, edit, { entity: 'retention', entityId: ownerId, before, after: wire });
    return after;
  });
}
