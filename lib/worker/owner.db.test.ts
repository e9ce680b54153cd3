import { asc, eq } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { devices, hvacZones, minerProfiles } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { fanLoadId, heaterLoadId, minerLoadId } from '@/lib/core/loads';
import { setMode } from '@/lib/mode/mutations';
import { createOverride, endOverride } from '@/lib/overrides/mutations';
import { seededSite } from './seeded-site.case';

// A clear morning in California: the bank is in the middle and the sun comes up.
const seeded = seededSite(Date.UTC(2026, 5, 1, 17, 0));
let primary = '';
let heater = '';
let fan = '';

beforeEach(async () => {
  const { db } = seeded();
  const [miner] = await db.select().from(minerProfiles).orderBy(asc(minerProfiles.priorityLevel));
  const [room] = await db.select().from(hvacZones).orderBy(asc(hvacZones.zoneName));
  primary = minerLoadId(miner?.id ?? '');
  heater = heaterLoadId(room?.id ?? '');
  fan = fanLoadId(room?.id ?? '');
});

const override = (loadId: string, state: 'on' | 'off', minutes = 60) =>
  createOverride(seeded().db, {
    ownerId: OWNER_ID,
    actor: 'test',
    now: seeded().clock.now(),
    input: { load_id: loadId, state, duration_minutes: minutes },
  });

describe('a miner whose device is deleted', () => {
  it('is shown without one, so that the owner links another', async () => {
    const worker = seeded().start('a');
    await worker.tick();
    expect(await seeded().load(primary)).toMatchObject({ deviceKey: 'smartload_1', controlEnabled: true });
    await seeded().db.delete(devices).where(eq(devices.key, 'smartload_1'));
    await worker.tick();
    const left = await seeded().load(primary);
    expect(left).toMatchObject({ deviceKey: null, controlEnabled: false });
    expect(left.explanation.gates.find(({ name }) => name === 'reachable')?.text).toContain('missing');
  });
});

describe('a battery that nobody measures any more', () => {
  it('has no charge either: the last voltage says nothing of now', async () => {
    const worker = seeded().start('a');
    await worker.ticks(2);
    expect((await seeded().status()).battery.voltageSocPct).toBeGreaterThan(0);
    await seeded().db.delete(devices).where(eq(devices.key, 'sim_inverter'));
    await worker.tick();
    expect((await seeded().status()).battery).toMatchObject({ voltageSocPct: null, band: 'UNKNOWN' });
  });
});

describe('an override', () => {
  it('is followed at the next tick, without a restart, and so is its end', async () => {
    const worker = seeded().start('a');
    await worker.ticks(20);
    expect((await seeded().load(primary)).observed).toBe('on');
    const { id } = await override(primary, 'off');
    await worker.tick();
    expect(seeded().calls.at(-1)).toBe('smartload_1 off');
    expect(await seeded().load(primary)).toMatchObject({
      verdict: 'OVERRIDDEN',
      explanation: { flip: { kind: 'owner' } },
    });
    await worker.tick();
    expect((await seeded().load(primary)).observed).toBe('off');
    await endOverride(seeded().db, { ownerId: OWNER_ID, id, now: seeded().clock.now() });
    await worker.tick();
    expect((await seeded().load(primary)).verdict).not.toBe('OVERRIDDEN');
  });

  it('ends by itself, and then the rules decide', async () => {
    const { db, clock } = seeded();
    await db.update(minerProfiles).set({ enabled: false });
    const worker = seeded().start('a');
    await worker.ticks(7);
    const { endsAt } = await override(primary, 'on', 3);
    await worker.ticks(15);
    expect(await seeded().load(primary)).toMatchObject({ observed: 'on', verdict: 'OVERRIDDEN' });
    while (clock.at < endsAt.getTime()) await worker.tick();
    expect(await seeded().load(primary)).toMatchObject({ verdict: 'STOP' });
    await worker.ticks(2);
    expect(await seeded().load(primary)).toMatchObject({ verdict: 'DISABLED', observed: 'off' });
  });
});

describe('the kill switch', () => {
  it('commands every miner and heater off within one tick, leaves the fans, and then sends nothing', async () => {
    const { db, calls } = seeded();
    // A room that is cold by its settings, so that a heater may be on.
    const cold = { tempTooCold: 40, tempColdOk: 45, tempHotOk: 50, tempTooHot: 55 };
    await db.update(hvacZones).set({ ...cold, onlyHeatWhenSolar: false, heatingPriority1: 'heater' });
    const worker = seeded().start('a');
    await worker.ticks(7);
    await override(fan, 'on');
    await worker.ticks(40);
    for (const loadId of [primary, heater, fan]) {
      expect([loadId, (await seeded().load(loadId)).observed]).toEqual([loadId, 'on']);
    }

    calls.length = 0;
    await setMode(db, { ownerId: OWNER_ID, actor: 'test', controlMode: 'paused' });
    await worker.tick();
    expect([...calls].sort()).toEqual(['shelly_heater_1 off', 'shelly_heater_2 off', 'smartload_1 off']);
    await worker.tick();
    for (const { kind, observed, loadId } of (await seeded().status()).loads) {
      if (kind !== 'fan') expect([loadId, observed]).toEqual([loadId, 'off']);
    }
    expect((await seeded().load(fan)).observed).toBe('on');

    calls.length = 0;
    await worker.ticks(30);
    expect(calls).toEqual([]);
    expect((await seeded().load(fan)).observed).toBe('on');
  });
});
