import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Connection, connect } from '@/db/client';
import { hvacZones, minerProfiles, resistanceEvidence, telemetry, userPreferences } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import type { Device } from '@/lib/drivers/types';
import { readResistance } from '@/lib/resistance/current';
import { pruneEvidence, readEvidence } from '@/lib/resistance/queries';
import { fromTelemetryRow } from '@/lib/telemetry/row';
import { createTestDatabase, type TestDatabase } from '@/test/database';
import { HandClock, testSite } from './site.case';

const OHM = 0.004;
const TICKS_PER_LEVEL = 12;

let database: TestDatabase;
let direct: Connection;
beforeAll(async () => {
  database = await createTestDatabase();
  // The estimate is told by the newest status, as the web process reads it.
  vi.stubEnv('DATABASE_URL', database.url);
  direct = connect(database.url, { max: 2, applicationName: 'test' });
  await direct.db.update(minerProfiles).set({ enabled: false });
  await direct.db.update(hvacZones).set({ enabled: false });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await direct.end();
  await database.drop();
});

/** A battery of known resistance under a load that steps by 40 A every two minutes. */
function steppingBattery(key: string, clock: HandClock): Device {
  const measured = (value: number) => ({ value, sampleAt: clock.at });
  return {
    key,
    simulated: true,
    simulatedRoles: ['battery'],
    pollSeconds: 10,
    capabilities: {
      battery: {
        async readBattery() {
          const amps = Math.floor(clock.monotonicMs() / (TICKS_PER_LEVEL * 10_000)) % 2 === 0 ? -10 : -50;
          return {
            packVoltageV: measured(53 + OHM * amps),
            currentA: measured(amps),
            powerW: measured(Math.round(53 * amps)),
            temperatureC: measured(21),
            reportedSocPct: null,
            chargeStage: 'bulk',
          };
        },
      },
    },
    saveState: () => null,
    close: async () => {},
  };
}

describe('the resistance of the bank', () => {
  const clock = new HandClock(Date.UTC(2026, 5, 1, 10));
  const worker = (workerId: string) =>
    testSite({
      url: database.url,
      workerId,
      clock,
      open: async ({ key, driver }) =>
        key === 'sim_inverter' ? steppingBattery(key, clock) : Promise.reject(new Error(`no ${driver}`)),
    });
  const inUse = async () =>
    (await direct.db.select().from(telemetry)).map((row) => fromTelemetryRow(row).config.resistance);

  it('is estimated from load steps, kept, decided by and logged with the tick', async () => {
    const first = worker('first');
    await first.ticks(TICKS_PER_LEVEL * 10);
    await first.site.stop();
    const kept = await direct.db.select().from(resistanceEvidence);
    expect(kept.length).toBeGreaterThanOrEqual(8);
    for (const { fromA, deltaA, deltaV, cause, simulated } of kept) {
      expect([-10, -50]).toContain(fromA);
      expect(deltaV / deltaA).toBeCloseTo(OHM, 4);
      expect({ cause, simulated }).toEqual({ cause: 'natural', simulated: true });
    }
    const logged = await inUse();
    expect(logged[0]).toBeNull();
    const last = logged.at(-1);
    expect(last && last.lowOhm < OHM && OHM < last.highOhm).toBe(true);
  });

  it('survives a restart of the worker', async () => {
    const before = (await inUse()).at(-1);
    const second = worker('second');
    await second.tick();
    await second.site.stop();
    const after = (await inUse()).at(-1);
    // What is in force moves only when it is worth it: two workers may differ by as much.
    expect(Math.abs((after?.lowOhm ?? 0) - (before?.lowOhm ?? 1))).toBeLessThan(0.05 * OHM);
    expect(Math.abs((after?.highOhm ?? 0) - (before?.highOhm ?? 1))).toBeLessThan(0.05 * OHM);
  });

  it('is told with its interval, and with what the owner typed', async () => {
    await direct.db.update(userPreferences).set({ internalResistanceMohm: 5, sagCompensation: 'auto' });
    const known = await readResistance(direct.db, OWNER_ID);
    expect(known).toMatchObject({ mode: 'auto', manualMohm: 5, simulated: true, temperatureC: 21 });
    expect(known.bands).toHaveLength(1);
    expect(known.inUse && known.inUse.lowOhm < OHM && OHM < known.inUse.highOhm).toBe(true);
  });

  it('keeps no more than the newest steps of each temperature', async () => {
    const row = { userId: OWNER_ID, fromA: -50, deltaA: 40, deltaV: 0.16, cause: 'natural', simulated: true };
    const rows = Array.from({ length: 140 }, (_, i) => ({
      ...row,
      ts: new Date(Date.UTC(2026, 0, 1) + i * 60_000),
      batteryTemperatureC: i % 2 === 0 ? 2 : 21,
    }));
    await direct.db.insert(resistanceEvidence).values(rows);
    const newest = (await readEvidence(direct.db, OWNER_ID)).at(-1);
    await direct.db.transaction((tx) => pruneEvidence(tx, OWNER_ID));
    const left = await readEvidence(direct.db, OWNER_ID);
    expect(left.filter(({ temperatureC }) => temperatureC === 2)).toHaveLength(60);
    expect(left.filter(({ temperatureC }) => temperatureC === 21)).toHaveLength(60);
    expect(left.at(-1)).toEqual(newest);
  });
});
