import { asc, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { alerts, controlState, hvacZones, minerProfiles, userPreferences } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { MUTANTS } from '@/lib/core/invariants/mutants.case';
import { minerLoadId } from '@/lib/core/loads';
import { setMode } from '@/lib/mode/mutations';
import { PLAIN } from './faults/stage.case';
import { seededSite } from './seeded-site.case';

/** Broken kernels in the worker's own cycle: what reaches the devices, and what the owner is told. */

const seeded = seededSite(Date.UTC(2026, 5, 1, 17, 0));
let primary = '';

beforeEach(async () => {
  const [miner] = await seeded().db.select().from(minerProfiles).orderBy(asc(minerProfiles.priorityLevel));
  primary = minerLoadId(miner?.id ?? '');
});

function broken(invariant: string, name: string) {
  const mutant = MUTANTS.find((each) => each.invariant === invariant && each.name === name);
  return (mutant ?? expect.unreachable(name)).make();
}

async function raised(): Promise<{ key: string; severity: string; text: string; open: boolean }[]> {
  const rows = await seeded().db.select().from(alerts).orderBy(asc(alerts.raisedAt), asc(alerts.key));
  return rows
    .filter(({ key }) => key.startsWith('invariant:'))
    .map(({ key, severity, text, clearedAt }) => ({ key, severity, text, open: clearedAt === null }));
}

describe('a kernel that is broken', () => {
  it('and keeps a miner on in an emergency: it is switched off, and that is told once', async () => {
    const { db, calls } = seeded();
    const worker = seeded().start('a', { decide: broken('I1', 'keeps running in an emergency') });
    await worker.ticks(20);
    expect((await seeded().load(primary)).observed).toBe('on');
    expect(await raised()).toEqual([]);
    await db.update(userPreferences).set({
      voltageShutdown: 44,
      voltageCriticalLow: 54.2,
      voltageLow: 54.3,
      voltageRestart: 54.4,
      voltageOptimalMin: 54.4,
    });
    calls.length = 0;
    await worker.ticks(3);
    expect(calls).toContain('smartload_1 off');
    expect((await seeded().load(primary)).observed).toBe('off');
    const told = await raised();
    expect(told).toMatchObject([{ key: 'invariant:I1', severity: 'critical', open: true }]);
    expect(told[0]?.text).toMatch(/Primary S21\+ \(Revenue\) is on at 5\d/);
  });

  it('and starts two miners at once: neither is started', async () => {
    const { db, calls } = seeded();
    await db.update(minerProfiles).set(PLAIN);
    await db.update(userPreferences).set({ maxBatteryDischargeWatts: 20_000 });
    const worker = seeded().start('a', {
      decide: broken('I7', 'does not wait for the last start to settle'),
    });
    await worker.ticks(20);
    expect(calls.filter((call) => call.endsWith(' on'))).toEqual([]);
    expect(await raised()).toMatchObject([{ key: 'invariant:I7', severity: 'critical', open: true }]);
  });

  it('and acts in advisory mode: nothing is sent', async () => {
    const { db, calls } = seeded();
    await setMode(db, { ownerId: OWNER_ID, actor: 'test', controlMode: 'advisory' });
    const worker = seeded().start('a', { decide: broken('I9', 'acts whatever the control mode says') });
    await worker.ticks(15);
    expect(calls).toEqual([]);
    expect(await raised()).toMatchObject([{ key: 'invariant:I9', severity: 'critical', open: true }]);
  });

  it('and reads temperatures too warm: charging counts as not permitted', async () => {
    const { db } = seeded();
    const worker = seeded().start('a', { decide: broken('I5', 'reads every temperature 4 °C too warm') });
    await worker.tick();
    const { zones, readings } = await seeded().status();
    const known = [readings.batteryTemperatureC.value, ...zones.map((zone) => zone.temperatureC)];
    const lowest = Math.min(...known.filter((value) => value !== null));
    await db.update(hvacZones).set({ blockChargingBelowTemp: Math.round(lowest) + 2 });
    await worker.tick();
    expect((await seeded().status()).chargePermission).toMatchObject({
      permitted: false,
      reason: expect.any(String),
    });
    expect(await raised()).toMatchObject([{ key: 'invariant:I5', open: true }]);
  });

  it('and answers the same question by turns: that is told', async () => {
    const worker = seeded().start('a', { decide: broken('I16', 'answers by turns') });
    await worker.ticks(11);
    expect(await raised()).toMatchObject([{ key: 'invariant:I16', open: true }]);
  });
});

describe('the guard', () => {
  it('goes on over a restart: its history, and an alert that is still open', async () => {
    const { db } = seeded();
    await setMode(db, { ownerId: OWNER_ID, actor: 'test', controlMode: 'advisory' });
    const first = seeded().start('a', { decide: broken('I9', 'acts whatever the control mode says') });
    await first.ticks(9);
    await first.site.stop();
    const kept = async () =>
      (await db.select().from(controlState).where(eq(controlState.userId, OWNER_ID)))[0];
    const before = (await kept())?.guard as { ticks: number } | undefined;
    expect(before?.ticks).toBe(9);
    const second = seeded().start('b');
    await second.ticks(2);
    expect((await kept())?.guard).toMatchObject({ ticks: 11 });
    expect(await raised()).toMatchObject([{ key: 'invariant:I9', open: true }]);
  });

  it('has nothing to say of the kernel as it is, whatever was stored of it', async () => {
    const { db } = seeded();
    const first = seeded().start('a');
    await first.ticks(15);
    await first.site.stop();
    await db.update(controlState).set({ guard: { schemaVersion: 1, history: 'nonsense' } });
    await seeded().start('b').ticks(10);
    expect((await seeded().load(primary)).observed).toMatch(/on|ramping/);
    expect(await raised()).toEqual([]);
  });
});
