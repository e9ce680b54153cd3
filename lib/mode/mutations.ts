import { and, eq, ne, sql } from 'drizzle-orm';
import type { Database } from '@/db/client';
import { controlState } from '@/db/schema';
import type { ChargeBlockAnswer } from '@/lib/core/commands/types';
import type { ControlMode } from '@/lib/core/types';
import { AppError } from '@/lib/errors';
import { getMode, type ModeRow } from './queries';

interface ModeChange {
  readonly ownerId: string;
  /** Missing: it stays. */
  readonly controlMode?: ControlMode;
  /** What becomes of a charge block that outlives automatic control. */
  readonly chargeBlock?: ChargeBlockAnswer;
  /** Who chose it, for the record. */
  readonly actor: string;
}

/**
 * Sets the control mode, which the next tick follows. Choosing the same again leaves since when and by whom; another one
 * asks anew about a charge block.
 * @throws AppError invalid where there is no block to answer for.
 */
export async function setMode(db: Database, change: ModeChange): Promise<ModeRow> {
  const { ownerId, controlMode, chargeBlock, actor } = change;
  return db.transaction(async (tx) => {
    if (controlMode !== undefined) {
      await tx
        .update(controlState)
        .set({
          controlMode,
          modeSince: sql`now()`,
          modeBy: actor,
          chargeBlockAnswer: null,
          chargeBlockAnswerBy: null,
        })
        .where(and(eq(controlState.userId, ownerId), ne(controlState.controlMode, controlMode)));
    }
    let row = await getMode(tx, ownerId);
    if (row === null) throw new AppError('not_found', 'There is no site under this account.');
    if (chargeBlock !== undefined) {
      requireBlock(row);
      await tx
        .update(controlState)
        .set({ chargeBlockAnswer: chargeBlock, chargeBlockAnswerBy: actor })
        .where(eq(controlState.userId, ownerId));
      row = { ...row, chargeBlock };
    }
    await tx.execute(sql`select pg_notify('commandcenter_settings', ${ownerId})`);
    return row;
  });
}

function requireBlock({ controlMode, chargeBlock }: ModeRow): void {
  if (chargeBlock !== null) return;
  const message =
    controlMode === 'automatic'
      ? 'In automatic mode charging is blocked and permitted by the rules; there is nothing to confirm.'
      : 'Charging is not blocked by CommandCenter; there is nothing to confirm.';
  throw new AppError('invalid', message, {
    issues: [{ path: 'charge_block', code: 'nothing_to_confirm', message }],
  });
}
