import { eq } from 'drizzle-orm';
import type { Executor } from '@/db/client';
import { hvacZones, minerProfiles } from '@/db/schema';
import { fanLoadId, heaterLoadId, minerLoadId } from '@/lib/core/loads';

/** Names of everything that can be switched, by load id, as the kernel names it. */
export async function loadNames(db: Executor, ownerId: string): Promise<Map<string, string>> {
  const miners = await db
    .select({ id: minerProfiles.id, name: minerProfiles.name })
    .from(minerProfiles)
    .where(eq(minerProfiles.userId, ownerId));
  const zones = await db
    .select({
      id: hvacZones.id,
      name: hvacZones.zoneName,
      heater: hvacZones.heaterDeviceId,
      fan: hvacZones.exhaustFanDeviceId,
    })
    .from(hvacZones)
    .where(eq(hvacZones.userId, ownerId));
  const names = new Map(miners.map(({ id, name }) => [minerLoadId(id), name]));
  for (const { id, name, heater, fan } of zones) {
    if (heater !== null) names.set(heaterLoadId(id), `${name} heater`);
    if (fan !== null) names.set(fanLoadId(id), `${name} fan`);
  }
  return names;
}
