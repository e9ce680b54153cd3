import 'server-only';
import { getDatabase } from '@/db/client';
import type { SessionHolder } from '@/lib/auth/sessions';
import { canComeBackWhole, findRemoval } from './queries';

/** A row that an address still names, and that was deleted. */
export interface RemovedRow {
  readonly name: string;
  /** Epoch ms. */
  readonly at: number;
  readonly actor: string;
  /** What undoes it. */
  readonly versionId: number;
  /** Whether undoing leaves nothing out. */
  readonly isWhole: boolean;
}

/** What a page shows whose row is not there; null where there never was one. */
export async function loadRemoved(
  user: SessionHolder,
  entity: 'miner' | 'zone' | 'device',
  id: string,
): Promise<RemovedRow | null> {
  const { db } = getDatabase();
  const removal = await findRemoval(db, user.ownerId, { entity, entityId: id });
  if (removal === null) return null;
  const { name, zone_name: zoneName } = removal.before as Readonly<Record<string, unknown>>;
  const { at, actor, id: versionId } = removal;
  const isWhole = await canComeBackWhole(db, user.ownerId, removal);
  return { name: String(name ?? zoneName), at: at.getTime(), actor, versionId, isWhole };
}
