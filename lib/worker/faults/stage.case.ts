import { asc, eq } from 'drizzle-orm';
import { expect } from 'vitest';
import { alerts, commands, devices, hvacZones, minerProfiles } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { fanLoadId, heaterLoadId, minerLoadId } from '@/lib/core/loads';
import type { SimulatedFault } from '@/lib/drivers/simulated/schema';
import { createOverride } from '@/lib/overrides/mutations';
import type { SeededSite } from '../seeded-site.case';
import type { TestSite } from '../site.case';

/** Loads by the names that scenarios use. */
export type Loads = Readonly<Record<string, string>>;

/** A miner that voltage alone holds back. */
export const PLAIN = {
  operatingMode: 'aggressive',
  startVoltage: 48,
  stopVoltage: 46,
  emergencyStopVoltage: 45,
  requireExcessSolar: false,
  requireSunnyWeather: false,
  minimumExcessWatts: null,
  minimumSolarProductionWatts: null,
  preferTimeStart: null,
  preferTimeEnd: null,
} as const;

/** Ticks of 10 s until the first miner has been started and has reached its draw. */
export const RUNNING_TICKS = 24;

type MinerChanges = Partial<typeof minerProfiles.$inferInsert>;

/** The seeded site as a scenario handles it: loads by short names, faults, the owner's hand, and what came of it. */
export class Stage {
  private constructor(
    readonly site: SeededSite,
    readonly loads: Loads,
  ) {}

  static async on(site: SeededSite): Promise<Stage> {
    const miners = await site.db.select().from(minerProfiles).orderBy(asc(minerProfiles.priorityLevel));
    const zones = await site.db.select().from(hvacZones).orderBy(asc(hvacZones.zoneName));
    const [primary, s19] = miners;
    const [room] = zones;
    if (!primary || !s19 || !room) return expect.unreachable('the seed has two miners and two zones');
    return new Stage(site, {
      primary: minerLoadId(primary.id),
      s19: minerLoadId(s19.id),
      heater: heaterLoadId(room.id),
      fan: fanLoadId(room.id),
    });
  }

  start(options: { workerId?: string; tickSeconds?: number; shown?: boolean } = {}): TestSite {
    const { workerId = 'a', tickSeconds = 10, shown = false } = options;
    return this.site.start(workerId, { tickSeconds, shown });
  }

  async fail(deviceKey: string, ...faults: SimulatedFault[]): Promise<void> {
    const where = eq(devices.key, deviceKey);
    const [row] = await this.site.db.select().from(devices).where(where);
    await this.site.db
      .update(devices)
      .set({ connection: { ...(row?.connection as object), faults } })
      .where(where);
  }

  async override(name: string, state: 'on' | 'off', minutes = 60): Promise<Date> {
    const { endsAt } = await createOverride(this.site.db, {
      ownerId: OWNER_ID,
      actor: 'test',
      now: this.site.clock.now(),
      input: { load_id: this.idOf(name), state, duration_minutes: minutes },
    });
    return endsAt;
  }

  async miner(name: string, changes: MinerChanges): Promise<void> {
    const id = this.idOf(name).slice('miner:'.length);
    await this.site.db.update(minerProfiles).set(changes).where(eq(minerProfiles.id, id));
  }

  /** A voltage in place of the measured one, V, by the time (epoch ms). */
  voltage(at: (now: number) => number): void {
    const { senses, clock } = this.site;
    senses.battery = (measured) => ({
      ...measured,
      packVoltageV: measured.packVoltageV && { ...measured.packVoltageV, value: at(clock.now()) },
    });
  }

  /** Observed at the last recorded tick. */
  async observed(name: string): Promise<string | null | undefined> {
    return (await this.states(name)).at(-1);
  }

  /** Observed, a tick each, oldest first. */
  states(name: string): Promise<(string | null)[]> {
    return this.site.statesOf(this.idOf(name));
  }

  /** What a device was told, oldest first. */
  told(deviceKey: string): string[] {
    return this.site.calls
      .filter((call) => call.startsWith(`${deviceKey} `))
      .map((call) => call.slice(deviceKey.length + 1));
  }

  /** Each command to a device and what it came to, oldest first: "on observed". */
  async commands(deviceKey: string): Promise<string[]> {
    const rows = await this.site.db
      .select()
      .from(commands)
      .where(eq(commands.deviceKey, deviceKey))
      .orderBy(asc(commands.intendedAt), asc(commands.id));
    return rows.map(({ desired, state, endedAt }) => {
      const what = desired.fanSpeed === undefined ? desired.state : `speed ${desired.fanSpeed}`;
      return `${what} ${state}${endedAt === null ? ', under way' : ''}`;
    });
  }

  /** Every alert that was raised, by key, and whether it still stands. */
  async alerts(): Promise<string[]> {
    const rows = await this.site.db.select().from(alerts).orderBy(asc(alerts.key), asc(alerts.raisedAt));
    const told = rows.map(({ key, clearedAt }) => {
      let named = key;
      for (const [name, id] of Object.entries(this.loads)) named = named.replace(id, name);
      return clearedAt === null ? `${named}, open` : named;
    });
    return [...new Set(told)];
  }

  private idOf(name: string): string {
    return this.loads[name] ?? expect.unreachable(name);
  }
}
