import { and, eq, ne, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { controlState } from '@/db/schema';
import type { ControlMode } from '@/lib/core/types';
import { AppError } from '@/lib/errors';
import { getMode, type ModeRow } from './queries';

interface ModeChange {
  readonly ownerId: string;
  readonly controlMode: ControlMode;
  /** Who chose it, for the record. */
  readonly actor: string;
}

/** Sets the control mode, which the next tick follows. Choosing the same again leaves since when and by whom. */
export async function setMode(db: Database, change: ModeChange): Promise<ModeRow> {
  return db.transaction(async (tx) => {
    await tx
      .update(controlState)
      .set({ controlMode: change.controlMode, modeSince: sql`now()`, modeBy: change.actor })
      .where(and(eq(controlState.userId, change.ownerId), ne(controlState.controlMode, change.controlMode)));
    const row = await getMode(tx, change.ownerId);
    if (row === null) throw new AppError('not_found', 'There is no site under this account.');
    await tx.execute(sql`select pg_notify('commandcenter_settings', ${change.ownerId})`);
    return row;
  });
}
