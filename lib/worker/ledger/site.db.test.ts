import { asc, eq, isNull } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { alerts, commands, controlState, devices, hvacZones, minerProfiles } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { fanLoadId, minerLoadId } from '@/lib/core/loads';
import type { ControlMode } from '@/lib/core/types';
import { deleteDevice, updateDevice } from '@/lib/devices/mutations';
import { openDevice } from '@/lib/drivers/registry';
import { deleteZone } from '@/lib/hvac/mutations';
import { deleteMiner, updateMiner } from '@/lib/miners/mutations';
import { setMode } from '@/lib/mode/mutations';
import { createOverride } from '@/lib/overrides/mutations';
import { findRemoval } from '@/lib/settings-versions/queries';
import { undoRemoval } from '@/lib/settings-versions/restore';
import { seededSite } from '../seeded-site.case';
import type { TestSite } from '../site.case';

// A clear morning in California: the bank is in the middle and the sun comes up.
const seeded = seededSite(Date.UTC(2026, 5, 1, 17, 0));

const primary = async () => {
  const [miner] = await seeded().db.select().from(minerProfiles).orderBy(asc(minerProfiles.priorityLevel));
  return minerLoadId(miner?.id ?? '');
};
const ledgerOf = (loadId: string) =>
  seeded()
    .db.select()
    .from(commands)
    .where(eq(commands.loadId, loadId))
    .orderBy(asc(commands.intendedAt), asc(commands.id));
const observed = async (loadId: string) => (await seeded().statesOf(loadId)).at(-1);
const start: ReturnType<typeof seeded>['start'] = (workerId, options) =>
  seeded().start(workerId, { shown: false, ...options });
const openAlerts = async () =>
  (await seeded().db.select().from(alerts).where(isNull(alerts.clearedAt))).map(({ key }) => key);
const mode = (controlMode: ControlMode) =>
  setMode(seeded().db, { ownerId: OWNER_ID, actor: 'test', controlMode });
async function until(worker: TestSite, holds: () => Promise<boolean>, ticks = 60) {
  for (let i = 0; i < ticks; i += 1) {
    await worker.tick();
    if (await holds()) return;
  }
  expect.unreachable('it does not come to that');
}

describe('the ledger of a site', () => {
  it('tells a start from its intention to its effect, each step with its time', async () => {
    const worker = start('a');
    await worker.ticks(25);
    const [first, ...more] = await ledgerOf(await primary());
    expect(more).toEqual([]);
    expect(first).toMatchObject({
      deviceKey: 'smartload_1',
      desired: { state: 'on' },
      state: 'observed',
      attempts: 1,
      cause: 'START',
      simulated: true,
      error: null,
    });
    const steps = [
      first?.intendedAt,
      first?.sentAt,
      first?.acknowledgedAt,
      first?.observedAt,
      first?.endedAt,
    ].map((at) => at?.getTime() ?? Number.NaN);
    expect([...steps].sort((a, b) => a - b)).toEqual(steps);
    expect((steps[3] ?? 0) - (steps[2] ?? 0)).toBeGreaterThan(0);
  });

  it.each([
    ['deleted', (id: string) => deleteMiner(seeded().db, { ownerId: OWNER_ID, actor: 'test', id })],
    [
      'given another device',
      (id: string) =>
        updateMiner(seeded().db, {
          ownerId: OWNER_ID,
          actor: 'test',
          id,
          patch: { device_identifier: null },
        }),
    ],
  ])('switches off what a miner ran on that is %s, once', async (_what, change) => {
    const worker = start('a');
    await worker.ticks(25);
    const loadId = await primary();
    expect(await observed(loadId)).toBe('on');
    await change(loadId.replace('miner:', ''));
    await worker.ticks(6);
    const left = await ledgerOf('left:smartload_1');
    expect(left).toMatchObject([{ desired: { state: 'off' }, state: 'observed', deviceKey: 'smartload_1' }]);
    expect(
      seeded()
        .calls.filter((call) => call.startsWith('smartload_1'))
        .at(-1),
    ).toMatch(/off/);
    // Whoever uses the plug from now on is left alone, after a restart too.
    await worker.site.stop();
    await start('b').ticks(6);
    expect(await ledgerOf('left:smartload_1')).toHaveLength(1);
  });

  it('stops the fan of a zone that is deleted', async () => {
    const [zone] = await seeded().db.select().from(hvacZones).orderBy(asc(hvacZones.zoneName));
    const worker = start('a');
    await worker.ticks(7);
    const loadId = fanLoadId(zone?.id ?? '');
    const change = { ownerId: OWNER_ID, actor: 'test' };
    const input = { load_id: loadId, state: 'on' as const, duration_minutes: 60 };
    await createOverride(seeded().db, { ...change, input, now: seeded().clock.at });
    await until(worker, async () => (await observed(loadId)) === 'on', 12);
    await deleteZone(seeded().db, { ...change, id: zone?.id ?? '' });
    await worker.ticks(6);
    const left = await ledgerOf(`left:fan:${zone?.exhaustFanDeviceId}`);
    expect(left).toMatchObject([{ desired: { state: 'off' }, state: 'observed' }]);
  });

  it('leaves alone what was off already when its miner was deleted, whoever switches it on later', async () => {
    const worker = start('a');
    await worker.ticks(25);
    const loadId = await primary();
    await mode('paused');
    await until(worker, async () => (await observed(loadId)) === 'off', 12);
    await deleteMiner(seeded().db, { ownerId: OWNER_ID, actor: 'test', id: loadId.replace('miner:', '') });
    await mode('automatic');
    await worker.ticks(3);
    await worker.site.stop();
    await start('b').ticks(6);
    expect(await ledgerOf('left:smartload_1')).toEqual([]);
  });

  it('obeys control_enabled of simulated devices too', async () => {
    await seeded().db.update(devices).set({ controlEnabled: false }).where(eq(devices.key, 'smartload_1'));
    const worker = start('a');
    await worker.ticks(20);
    expect(seeded().calls.filter((call) => call.startsWith('smartload_1'))).toEqual([]);
    expect(await ledgerOf(await primary())).toEqual([]);
  });

  it('sees a revert by somebody else, raises an alert once, and clears it with the next command', async () => {
    let turnedOff = false;
    const worker = start('a', {
      open: async (row, context) => {
        const device = await openDevice(row, context);
        const plug = device.capabilities.switch;
        if (row.key !== 'smartload_1' || !plug) return device;
        const readSwitch = async () => {
          if (turnedOff) await plug.setSwitch('off');
          turnedOff = false;
          return plug.readSwitch();
        };
        return { ...device, capabilities: { switch: { ...plug, readSwitch } } };
      },
    });
    const loadId = await primary();
    await until(worker, async () => (await ledgerOf(loadId))[0]?.state === 'observed');
    turnedOff = true;
    await worker.ticks(2);
    const [first] = await ledgerOf(loadId);
    expect(first).toMatchObject({ state: 'reverted', error: expect.stringMatching(/by itself|somebody/) });
    expect(first?.endedAt).not.toEqual(first?.observedAt);
    expect(await openAlerts()).toContain(`reverted:${loadId}`);
    await until(worker, async () => (await ledgerOf(loadId)).length > 1);
    await worker.ticks(2);
    expect(await openAlerts()).not.toContain(`reverted:${loadId}`);
    const raised = await seeded()
      .db.select()
      .from(alerts)
      .where(eq(alerts.key, `reverted:${loadId}`));
    expect(raised).toHaveLength(1);
  });

  it('warns of nothing when the owner leaves automatic control and the timers run out', async () => {
    const worker = start('a');
    const loadId = await primary();
    await until(worker, async () => (await ledgerOf(loadId))[0]?.state === 'observed');
    await mode('advisory');
    await until(worker, async () => (await ledgerOf(loadId))[0]?.state === 'reverted');
    expect((await ledgerOf(loadId))[0]?.error).toBe(
      'It went off while its timer was not renewed: the timer ran out, or somebody switched it off.',
    );
    expect(await openAlerts()).not.toContain(`reverted:${loadId}`);
  });

  it.each([
    [
      'while no worker was there',
      (worker: TestSite) => worker.site.stop().then(() => seeded().start('b', { shown: false })),
    ],
    ['while its worker stood still', async (worker: TestSite) => worker],
  ])('blames nobody for timers that ran out %s', async (_when, leave) => {
    const worker = start('a');
    const loadId = await primary();
    await until(worker, async () => (await ledgerOf(loadId))[0]?.state === 'observed');
    const next = await leave(worker);
    seeded().clock.pass(60_000);
    await next.ticks(2);
    expect((await ledgerOf(loadId))[0]).toMatchObject({
      state: 'reverted',
      error: expect.stringContaining('timer was not renewed'),
    });
    expect(await openAlerts()).not.toContain(`reverted:${loadId}`);
  });

  it.each([
    [
      'while no worker was there for a moment',
      (worker: TestSite) => worker.site.stop().then(() => seeded().start('b', { shown: false })),
    ],
    ['at work', async (worker: TestSite) => worker],
  ])('tells of somebody who switches off sooner than a timer does, %s', async (_when, leave) => {
    const worker = start('a');
    const loadId = await primary();
    await until(worker, async () => (await ledgerOf(loadId))[0]?.state === 'observed');
    await seeded().meddle('smartload_1', 'off');
    await (await leave(worker)).ticks(2);
    expect(await openAlerts()).toContain(`reverted:${loadId}`);
  });

  it('lets a load go off by its own timer once nobody renews it', async () => {
    const worker = start('a');
    const loadId = await primary();
    await until(worker, async () => (await observed(loadId)) === 'on');
    await worker.site.stop();
    seeded().clock.pass(10_000);
    const soon = start('b');
    await soon.tick();
    expect(await observed(loadId)).toBe('on');
    await soon.site.stop();
    seeded().clock.pass(60_000);
    const late = start('c');
    await late.tick();
    expect(await observed(loadId)).toBe('off');
  });

  it('keeps the steps of the offs it sends without a database, and stores them when it is back', async () => {
    const { line } = seeded();
    const worker = start('a', { tickSeconds: 30 });
    const loadId = await primary();
    await until(worker, async () => (await observed(loadId)) === 'on');
    const before = await ledgerOf(loadId);
    line.cut();
    await worker.ticks(34);
    expect(seeded().calls.at(-1)).toMatch(/off|^ac_infinity/);
    expect(await ledgerOf(loadId)).toEqual(before);
    line.mend();
    expect(await worker.tick()).toBe('recorded');
    const stop = (await ledgerOf(loadId)).at(-1);
    expect(stop).toMatchObject({
      desired: { state: 'off' },
      state: 'observed',
      attempts: 1,
      cause: 'the database was away too long',
    });
    expect(await ledgerOf(loadId)).toHaveLength(before.length + 1);
  }, 90_000);
});

describe('a load that is paused', () => {
  it('gets its off once, and is then left to whoever switches it', async () => {
    const { calls } = seeded();
    let byHand = false;
    const worker = start('a', {
      open: async (row, context) => {
        const device = await openDevice(row, context);
        const plug = device.capabilities.switch;
        if (row.key !== 'smartload_1' || !plug) return device;
        const readSwitch = async () => {
          if (byHand) await plug.setSwitch('on');
          return plug.readSwitch();
        };
        const setSwitch: typeof plug.setSwitch = (state, options) => {
          calls.push(`smartload_1 ${state}`);
          return plug.setSwitch(state, options);
        };
        return { ...device, capabilities: { switch: { ...plug, readSwitch, setSwitch } } };
      },
    });
    const loadId = await primary();
    await until(worker, async () => (await observed(loadId)) === 'on');
    calls.length = 0;
    await mode('paused');
    await worker.ticks(3);
    expect(calls).toEqual(['smartload_1 off']);
    byHand = true;
    await worker.ticks(5);
    expect(await observed(loadId)).toMatch(/on|ramping/);
    expect(calls).toEqual(['smartload_1 off']);
  });
});

describe('a charge block', () => {
  // Warm rooms that count as frozen by their own limit.
  const freeze = (limit: number | null) =>
    seeded().db.update(hvacZones).set({ blockChargingBelowTemp: limit, tempTooCold: null, tempColdOk: null });
  const charger = () => ledgerOf('charge:sim_inverter');
  const charging = async () => ((await seeded().status()).readings.batteryPowerW.value ?? Number.NaN) > 100;

  it('is carried out, and lifted again, by the simulated inverter', async () => {
    await seeded().db.update(minerProfiles).set({ enabled: false });
    const worker = start('a');
    await worker.ticks(7);
    expect(await charging()).toBe(true);
    await freeze(60);
    await worker.ticks(3);
    expect((await seeded().status()).chargePermission).toMatchObject({
      permitted: false,
      unenforceable: false,
    });
    expect(seeded().calls.filter((call) => call.startsWith('sim_inverter'))).toEqual(['sim_inverter block']);
    expect(await charging()).toBe(false);
    expect(await openAlerts()).not.toContain('charge-block-unenforceable');
    await freeze(-30);
    await worker.ticks(3);
    expect(await charging()).toBe(true);
    expect((await charger()).map(({ desired, state }) => `${desired.state} ${state}`)).toEqual([
      'off observed',
      'on observed',
    ]);
  });

  it.each(['while a worker runs', 'while none runs'])(
    'is lifted of a charger that is renamed %s',
    async (when) => {
      await seeded().db.update(minerProfiles).set({ enabled: false });
      let worker = start('a');
      await freeze(60);
      await worker.ticks(3);
      if (when === 'while none runs') await worker.site.stop();
      const [row] = await seeded().db.select().from(devices).where(eq(devices.key, 'sim_inverter'));
      await updateDevice(seeded().db, {
        ownerId: OWNER_ID,
        actor: 'test',
        id: row?.id ?? '',
        patch: { key: 'inverter' },
      });
      if (when === 'while none runs') worker = start('b');
      await worker.ticks(3);
      expect((await openAlerts()).filter((key) => key.startsWith('foreign:'))).toEqual([]);
      await freeze(-30);
      await worker.ticks(10);
      expect(
        seeded()
          .calls.filter((call) => call.includes('inverter'))
          .at(-1),
      ).toBe('inverter permit');
      expect((await ledgerOf('charge:inverter')).at(-1)).toMatchObject({
        deviceKey: 'inverter',
        desired: { state: 'on' },
        state: 'observed',
      });
      expect(await charger()).toEqual([]);
    },
  );

  it('stays when automatic control ends, is alerted until the owner answers, and is lifted once it may be', async () => {
    const worker = start('a');
    await worker.ticks(7);
    await freeze(60);
    await worker.ticks(2);
    await mode('advisory');
    await worker.ticks(2);
    expect(await openAlerts()).toContain('charge-block-left');
    const asked = { ownerId: OWNER_ID, actor: 'test' };
    expect((await setMode(seeded().db, { ...asked, chargeBlock: 'keep' })).chargeBlock).toBe('keep');
    await worker.tick();
    expect(await openAlerts()).not.toContain('charge-block-left');
    await setMode(seeded().db, { ...asked, chargeBlock: 'lift' });
    await worker.ticks(2);
    // Still too cold by its limit: the owner's word does not defeat that.
    expect(await openAlerts()).toContain('charge-block-lift');
    expect(seeded().calls.filter((call) => call.startsWith('sim_inverter'))).toEqual(['sim_inverter block']);
    await freeze(-30);
    await worker.ticks(3);
    expect(seeded().calls.filter((call) => call.startsWith('sim_inverter'))).toEqual([
      'sim_inverter block',
      'sim_inverter permit',
    ]);
    expect((await openAlerts()).filter((key) => key.includes('charge'))).toEqual([]);
    const [state] = await seeded().db.select().from(controlState);
    expect(state?.controlMode).toBe('advisory');
  });

  const author = { ownerId: OWNER_ID, actor: 'test' };
  const chargerRow = async () => {
    const [row] = await seeded().db.select().from(devices).where(eq(devices.key, 'sim_inverter'));
    return row ?? expect.unreachable('the charger is there');
  };
  const control = async (control_enabled: boolean) =>
    updateDevice(seeded().db, { ...author, id: (await chargerRow()).id, patch: { control_enabled } });
  const toldCharger = () => seeded().calls.filter((call) => call.startsWith('sim_inverter'));

  it('stays, which the owner is told, while control of its charger is not enabled', async () => {
    const key = 'uncontrolled:charge:sim_inverter';
    const worker = start('a');
    await freeze(60);
    await worker.ticks(3);
    await control(false);
    await worker.ticks(2);
    await freeze(-30);
    await worker.ticks(2);
    expect(await openAlerts()).toContain(key);
    expect(toldCharger()).toEqual(['sim_inverter block']);
    await control(true);
    await worker.ticks(3);
    expect(toldCharger()).toEqual(['sim_inverter block', 'sim_inverter permit']);
    expect(await openAlerts()).not.toContain(key);
  });

  it('stays while control of its charger is not enabled either where the owner said so, who is told only once they want it lifted', async () => {
    const key = 'uncontrolled:charge:sim_inverter';
    const worker = start('a');
    await freeze(60);
    await worker.ticks(3);
    await mode('advisory');
    await control(false);
    await worker.ticks(2);
    expect((await openAlerts()).filter((each) => each.startsWith('charge-block-l'))).toEqual([
      'charge-block-left',
    ]);
    await setMode(seeded().db, { ...author, chargeBlock: 'keep' });
    await worker.ticks(2);
    expect(await openAlerts()).not.toContain('charge-block-left');
    expect(await openAlerts()).not.toContain(key);
    await setMode(seeded().db, { ...author, chargeBlock: 'lift' });
    await worker.ticks(2);
    expect(await openAlerts()).not.toContain('charge-block-lift');
    expect(await openAlerts()).toContain(key);
  });

  it.each(['while a worker runs', 'while none runs'])(
    'stays where its charger was that is deleted %s: the owner is told for a day, and it is lifted of one that is brought back',
    async (when) => {
      const { db, clock } = seeded();
      const permissions: boolean[] = [];
      const open: typeof openDevice = async (row, context) => {
        const device = await openDevice(row, context);
        const { chargeControl } = device.capabilities;
        if (!chargeControl) return device;
        const setChargePermission = async (permitted: boolean) => {
          permissions.push(permitted);
          await chargeControl.setChargePermission(permitted);
        };
        const capabilities = {
          ...device.capabilities,
          chargeControl: { ...chargeControl, setChargePermission },
        };
        return { ...device, simulated: false, capabilities };
      };
      let worker = start('a', { open });
      await freeze(60);
      await worker.ticks(3);
      expect(permissions).toEqual([false]);
      if (when === 'while none runs') await worker.site.stop();
      const { id } = await chargerRow();
      await deleteDevice(db, { ...author, id });
      if (when === 'while none runs') worker = start('b', { open });
      await worker.ticks(2);
      expect(await openAlerts()).toContain('removed:charge:sim_inverter');
      clock.pass(23 * 60 * 60_000);
      await worker.tick();
      expect(await openAlerts()).toContain('removed:charge:sim_inverter');
      clock.pass(60 * 60_000);
      await worker.tick();
      expect(await openAlerts()).not.toContain('removed:charge:sim_inverter');
      const removal = await findRemoval(db, OWNER_ID, { entity: 'device', entityId: id });
      await undoRemoval(db, author, removal?.id ?? -1);
      await freeze(-30);
      await worker.ticks(12);
      expect(permissions.at(-1)).toBe(true);
    },
  );

  describe('whose lifting was tried in vain', () => {
    let fails = true;
    let byHand: (permitted: boolean) => Promise<unknown> = async () => {};
    /** A charger in the field that takes no permission while it fails. */
    const open: typeof openDevice = async (row, context) => {
      const device = await openDevice(row, context);
      const { chargeControl } = device.capabilities;
      if (!chargeControl) return device;
      byHand = (permitted) => chargeControl.setChargePermission(permitted);
      const setChargePermission = async (permitted: boolean) => {
        if (permitted && fails) throw new Error('it does not answer');
        await chargeControl.setChargePermission(permitted);
      };
      const capabilities = {
        ...device.capabilities,
        chargeControl: { ...chargeControl, setChargePermission },
      };
      return { ...device, simulated: false, capabilities };
    };
    const lastCommand = async () => (await charger()).at(-1) ?? expect.unreachable('the charger was told');
    const triedInVain = async () => {
      fails = true;
      const worker = start('a', { open });
      await freeze(60);
      await worker.ticks(3);
      await freeze(-30);
      await until(worker, async () => (await lastCommand()).desired.state === 'on');
      expect(await charging()).toBe(false);
      return worker;
    };

    it('stays ours, and is lifted, when the worker ends before the lifting is sent', async () => {
      const worker = await triedInVain();
      await worker.site.stop();
      await seeded()
        .db.update(commands)
        .set({ state: 'intended', attempts: 0, sentAt: null, retryAt: null, error: null })
        .where(eq(commands.id, (await lastCommand()).id));
      fails = false;
      await start('b', { open }).ticks(12);
      expect(await charging()).toBe(true);
      expect(await openAlerts()).not.toContain('foreign:charge:sim_inverter');
    });

    it('stays ours while control of its charger is not enabled, and is lifted afterwards', async () => {
      const worker = await triedInVain();
      await control(false);
      await worker.ticks(2);
      expect((await openAlerts()).filter((key) => key.includes('charge:'))).toEqual([
        'uncontrolled:charge:sim_inverter',
      ]);
      await mode('advisory');
      expect((await setMode(seeded().db, { ...author, chargeBlock: 'keep' })).chargeBlock).toBe('keep');
      await mode('automatic');
      fails = false;
      await control(true);
      await worker.ticks(3);
      expect(await charging()).toBe(true);
      expect(await lastCommand()).toMatchObject({ desired: { state: 'on' }, state: 'observed' });
    });

    it('is ours no more once somebody else has lifted it', async () => {
      const worker = await triedInVain();
      await control(false);
      await worker.ticks(2);
      await byHand(true);
      await worker.ticks(2);
      await byHand(false);
      fails = false;
      await control(true);
      await worker.ticks(3);
      expect(await charging()).toBe(false);
    });

    it('is told of where its charger was that is deleted', async () => {
      const worker = await triedInVain();
      await deleteDevice(seeded().db, { ...author, id: (await chargerRow()).id });
      await worker.ticks(2);
      expect(await openAlerts()).toContain('removed:charge:sim_inverter');
    });
  });

  it('that somebody else set is left to them, and told', async () => {
    const worker = start('a');
    await worker.ticks(2);
    await worker.site.stop();
    const [row] = await seeded().db.select().from(devices).where(eq(devices.key, 'sim_inverter'));
    const kept = row?.driverState as { site: { charger: { blocked: boolean } } };
    kept.site.charger.blocked = true;
    await seeded().db.update(devices).set({ driverState: kept }).where(eq(devices.key, 'sim_inverter'));
    const next = start('b');
    await next.ticks(10);
    expect(seeded().calls.filter((call) => call.startsWith('sim_inverter'))).toEqual([]);
    expect(await openAlerts()).toContain('foreign:charge:sim_inverter');
  });
});
