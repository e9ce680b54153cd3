import 'server-only';
import { getDatabase } from '@/db/client';
import { readEnvironment } from '@/lib/env';
import { readDisk } from '@/lib/health/queries';
import { readStorage } from './queries';
import { serialiseStorage, type WireStorage } from './serialise';

/** How much room history takes, for a page. */
export async function loadStorage(ownerId: string): Promise<WireStorage> {
  const disk = await readDisk(readEnvironment().dataDirectory);
  const freeBytes = disk?.freeBytes ?? null;
  return serialiseStorage(await readStorage(getDatabase().db, { ownerId, freeBytes, now: Date.now() }));
}
