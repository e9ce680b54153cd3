import { and, eq, like } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { commands, controlState } from '@/db/schema';
import { commandOf, NEWEST_OF_LOAD } from '@/lib/commands/row';
import { isOwnBlock } from '@/lib/core/commands/former';
import { chargeLoadId } from '@/lib/core/commands/load-ids';
import type { ChargeBlockAnswer } from '@/lib/core/commands/types';
import type { ControlMode } from '@/lib/core/types';

export interface ModeRow {
  readonly controlMode: ControlMode;
  readonly modeSince: Date;
  readonly modeBy: string;
  /** A charge block that outlived automatic control: what the owner said of it, or that they were not heard; null = none. */
  readonly chargeBlock: ChargeBlockAnswer | 'unconfirmed' | null;
}

const modeColumns = {
  controlMode: controlState.controlMode,
  modeSince: controlState.modeSince,
  modeBy: controlState.modeBy,
  answer: controlState.chargeBlockAnswer,
};

/** Whether the site decides and acts, only decides, or does neither; null when the owner has no site. */
export async function getMode(db: Executor, ownerId: string): Promise<ModeRow | null> {
  const [row] = await db.select(modeColumns).from(controlState).where(eq(controlState.userId, ownerId));
  if (!row) return null;
  const { answer, ...mode } = row;
  const left = mode.controlMode !== 'automatic' && (await hasChargeBlock(db, ownerId));
  return { ...mode, chargeBlock: left ? (answer ?? 'unconfirmed') : null };
}

/** Whether some charger may be blocked by us. */
async function hasChargeBlock(db: Executor, ownerId: string): Promise<boolean> {
  const newest = await db
    .selectDistinctOn([commands.loadId])
    .from(commands)
    .where(and(eq(commands.userId, ownerId), like(commands.loadId, chargeLoadId('%'))))
    .orderBy(...NEWEST_OF_LOAD);
  return newest.some((row) => isOwnBlock(commandOf(row)));
}
