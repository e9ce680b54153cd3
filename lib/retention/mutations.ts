import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { telemetryRetention, users } from '@/db/schema';
import { changeSettings, type Edit } from '@/lib/settings-versions/change';
import { requireMatch, requireNoIssues } from '@/lib/settings-versions/guard';
import { recordChange } from '@/lib/settings-versions/record';
import { getRetention } from './queries';
import { retentionIssues } from './rules';
import type { Retention, RetentionPatch } from './schema';
import { serialiseRetention } from './serialise';

/**
 * Applies a partial update, checked together with what is stored. What is older goes at the worker's next hourly prune.
 * @throws AppError invalid, stale.
 */
export async function setRetention(
  db: Executor,
  edit: Edit & { readonly patch: RetentionPatch },
): Promise<Retention> {
  const { ownerId, patch } = edit;
  return changeSettings(db, async (tx) => {
    await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('no key update');
    const before = serialiseRetention(await getRetention(tx, ownerId));
    requireMatch(before, edit.ifMatch);
    const wire = { ...before, ...patch };
    requireNoIssues(retentionIssues(wire, patch));
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
