import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Database, Executor } from '@/db/client';
import { overrides, userPreferences, users } from '@/db/schema';
import { AppError } from '@/lib/errors';
import { type Author, single } from '@/lib/settings-versions/change';
import { endOf, type Place } from './end';
import { loadNames } from './loads';
import { isActive, type ListedOverride } from './queries';
import { LONGEST_OVERRIDE_HOURS, type OverrideInput } from './schema';

/** Two overrides of one load asked for at once come one after the other, so that one of them is in force. */
async function lockOwner(tx: Executor, ownerId: string): Promise<void> {
  await tx.select({ id: users.id }).from(users).where(eq(users.id, ownerId)).for('no key update');
}

async function placeOf(tx: Executor, ownerId: string): Promise<Place> {
  const [row] = await tx
    .select({ latitudeDeg: userPreferences.locationLat, longitudeDeg: userPreferences.locationLon })
    .from(userPreferences)
    .where(eq(userPreferences.userId, ownerId));
  return row ?? { latitudeDeg: null, longitudeDeg: null };
}

function unknownLoad(loadId: string, known: Iterable<string>): AppError {
  const message = `load_id ${loadId} names no miner, heater or fan of yours.`;
  return new AppError('invalid', message, {
    issues: [
      { path: 'load_id', code: 'unknown_load', message, values: { load_id: loadId, allowed: [...known] } },
    ],
  });
}

const wake = (tx: Executor, ownerId: string) =>
  tx.execute(sql`select pg_notify('commandcenter_settings', ${ownerId})`);

/**
 * Puts the owner's hand above the rules of one load from now until its end; the one before it for that load ends.
 * The next tick follows. @throws AppError invalid.
 */
export async function createOverride(
  db: Database,
  change: Author & { readonly input: OverrideInput; readonly now: number },
): Promise<ListedOverride> {
  const { ownerId, actor, input, now } = change;
  return db.transaction(async (tx) => {
    await lockOwner(tx, ownerId);
    const names = await loadNames(tx, ownerId);
    const loadName = names.get(input.load_id);
    if (loadName === undefined) throw unknownLoad(input.load_id, names.keys());
    const startsAt = new Date(now);
    const endsAt = new Date(endOf(input, now, await placeOf(tx, ownerId)));
    await tx
      .update(overrides)
      .set({ endedAt: startsAt })
      .where(
        and(
          eq(overrides.userId, ownerId),
          eq(overrides.loadId, input.load_id),
          isNull(overrides.endedAt),
          gt(overrides.endsAt, startsAt),
        ),
      );
    const row = single(
      await tx
        .insert(overrides)
        .values({
          userId: ownerId,
          loadId: input.load_id,
          state: input.state,
          startsAt,
          endsAt,
          createdBy: actor,
          reason: input.reason ?? null,
        })
        .returning(),
    );
    await wake(tx, ownerId);
    return { ...row, loadName, active: true };
  });
}

/** Ends an override now; one that has ended already stays as it ended. @throws AppError not_found. */
export async function endOverride(
  db: Database,
  change: { readonly ownerId: string; readonly id: string; readonly now: number },
): Promise<void> {
  const { ownerId, id, now } = change;
  await db.transaction(async (tx) => {
    const [row] = await tx
      .select()
      .from(overrides)
      .where(and(eq(overrides.userId, ownerId), eq(overrides.id, id)))
      .for('update');
    if (row === undefined) throw new AppError('not_found', 'There is no such override.');
    if (!isActive(row, now)) return;
    await tx
      .update(overrides)
      .set({ endedAt: new Date(now) })
      .where(eq(overrides.id, id));
    await wake(tx, ownerId);
  });
}

/**
 * Makes up for a clock that has been put back since overrides were given. An off begins now, and ends when it should, or,
 * where that is out of reach, after as long as it should have lasted. An on may have been served already, and is ended:
 * nothing starts that the owner would have to ask for again.
 */
export async function beginOverridesNow(
  db: Database,
  { ownerId, now }: { readonly ownerId: string; readonly now: number },
): Promise<void> {
  const startsAt = new Date(now);
  const at = sql`${startsAt.toISOString()}::timestamptz`;
  const longest = sql`make_interval(hours => ${LONGEST_OVERRIDE_HOURS})`;
  const ahead = and(
    eq(overrides.userId, ownerId),
    isNull(overrides.endedAt),
    gt(overrides.startsAt, startsAt),
  );
  await db
    .update(overrides)
    .set({ endedAt: startsAt })
    .where(and(ahead, eq(overrides.state, 'on')));
  await db
    .update(overrides)
    .set({
      startsAt,
      endsAt: sql`case when ${overrides.endsAt} <= ${at} + ${longest} then ${overrides.endsAt}
        else ${at} + (${overrides.endsAt} - ${overrides.startsAt}) end`,
    })
    .where(ahead);
}
