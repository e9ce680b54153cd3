import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { controlState } from '@/db/schema';
import type { ControlMode } from '@/lib/core/types';

export interface ModeRow {
  readonly controlMode: ControlMode;
  readonly modeSince: Date;
  readonly modeBy: string;
}

const modeColumns = {
  controlMode: controlState.controlMode,
  modeSince: controlState.modeSince,
  modeBy: controlState.modeBy,
};

/** Whether the site decides and acts, only decides, or does neither; null when the owner has no site. */
export async function getMode(db: Executor, ownerId: string): Promise<ModeRow | null> {
  const [row] = await db.select(modeColumns).from(controlState).where(eq(controlState.userId, ownerId));
  return row ?? null;
}
