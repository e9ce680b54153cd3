import { sql } from 'drizzle-orm';
import type { Executor } from '@/db/client';

/** Wakes the worker for what only it may do: a backup, a test of a device. The payload is the owner's id. */
export const ERRANDS_CHANNEL = 'commandcenter_errands';

/** Once the transaction has committed. */
export async function callWorker(tx: Executor, ownerId: string): Promise<void> {
  await tx.execute(sql`select pg_notify(${ERRANDS_CHANNEL}, ${ownerId})`);
}
