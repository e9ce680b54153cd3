import { eq, inArray, sql } from 'drizzle-orm';
import type { Connection } from '@/db/client';
import { devices, hvacZones, minerProfiles, overrides, userPreferences } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { minerLoadId } from '@/lib/core/loads';
import type { PlugConnection } from './plug-driver';

export const PLUGS = 12;
/** The worker's clock against ours: a tick takes a sixth of a second. */
export const HURRY = 60;
const RATED_W = 100;

/** Twelve small miners behind plugs beside the simulated house, every third with a dead-man timer. */
export async function setUpSite({ db }: Connection, plugUrl: string): Promise<string[]> {
  await db.delete(minerProfiles);
  await db.delete(hvacZones);
  const inverters = ['sim_inverter'];
  await db.delete(devices).where(sql`key not in ${inverters}`);
  await db
    .update(devices)
    .set({ connection: { part: 'inverter', weather: 'clear' } })
    .where(inArray(devices.key, inverters));
  await db.update(userPreferences).set({ inverterMaxWatts: null });
  const loads: string[] = [];
  for (let plug = 0; plug < PLUGS; plug += 1) {
    const connection: PlugConnection = {
      url: `${plugUrl}/${plug}`,
      ratedW: RATED_W,
      timed: plug % 3 === 0,
      hurry: HURRY,
    };
    await db.insert(devices).values({
      userId: OWNER_ID,
      key: `plug_${plug}`,
      name: `Plug ${plug}`,
      driver: 'plug-fake',
      connection: { ...connection },
      controlEnabled: true,
    });
    const [miner] = await db
      .insert(minerProfiles)
      .values({
        userId: OWNER_ID,
        name: `Miner ${plug}`,
        powerDrawWatts: RATED_W,
        startVoltage: 50,
        stopVoltage: 48,
        emergencyStopVoltage: 46,
        minimumOffMinutes: 0,
        minimumOnMinutes: 0,
        // Only the owner's on starts it.
        enabled: false,
        deviceIdentifier: `plug_${plug}`,
      })
      .returning({ id: minerProfiles.id });
    loads.push(minerLoadId(miner?.id ?? ''));
  }
  return loads;
}

/** The owner wants it on or off from `at` on, epoch ms. */
export async function override(
  { db }: Connection,
  { loadId, state, at }: { loadId: string; state: 'on' | 'off'; at: number },
): Promise<void> {
  await db.transaction(async (tx) => {
    await tx
      .update(overrides)
      .set({ endedAt: new Date(at) })
      .where(eq(overrides.loadId, loadId));
    await tx.insert(overrides).values({
      userId: OWNER_ID,
      loadId,
      state,
      startsAt: new Date(at),
      endsAt: new Date(at + 24 * 60 * 60_000),
      createdBy: 'crash test',
    });
  });
}
