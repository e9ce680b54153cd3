import { asc, eq, isNull, like } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { alerts, commands, devices, formerConnections, minerProfiles } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import type { ControlMode } from '@/lib/core/types';
import { createDevice, deleteDevice, updateDevice } from '@/lib/devices/mutations';
import type { DevicePatch } from '@/lib/devices/schema';
import { openDevice } from '@/lib/drivers/registry';
import { DriverError } from '@/lib/drivers/types';
import { updateMiner } from '@/lib/miners/mutations';
import { setMode } from '@/lib/mode/mutations';
import { seededSite } from './seeded-site.case';
import type { TestSite } from './site.case';

// A clear morning in California: the bank is in the middle and the sun comes up.
const seeded = seededSite(Date.UTC(2026, 5, 1, 17, 0));
const author = { ownerId: OWNER_ID, actor: 'test' };

/** The relays in the house by their address, what they were told, and which of them do not answer. */
const relays = new Map<string, 'on' | 'off'>();
const told: string[] = [];
const silent = new Set<string>();

const open: typeof openDevice = async (row, context) => {
  if (row.driver === 'simulated') return openDevice(row, context);
  const { host } = row.connection as { host: string };
  const answer = () => {
    if (silent.has(host)) throw new DriverError('unreachable', `${host} does not answer.`, true);
  };
  answer();
  return {
    key: row.key,
    simulated: false,
    simulatedRoles: [],
    pollSeconds: 10,
    capabilities: {
      switch: {
        async readSwitch() {
          answer();
          const state = relays.get(host) ?? 'off';
          return { state, sampleAt: context.now(), powerW: null, insideMeasuredLoad: false };
        },
        async setSwitch(state) {
          answer();
          told.push(`${host} ${state}`);
          relays.set(host, state);
        },
      },
    },
    saveState: () => null,
    close: async () => {},
  };
};
const start = (workerId: string) => seeded().start(workerId, { shown: false, open });
const mode = (controlMode: ControlMode) => setMode(seeded().db, { ...author, controlMode });
const device = async (key: string) => {
  const [row] = await seeded().db.select().from(devices).where(eq(devices.key, key));
  return row ?? expect.unreachable(key);
};
const change = async (patch: DevicePatch) =>
  updateDevice(seeded().db, { ...author, id: (await device('smartload_1')).id, patch });
const remove = async () => deleteDevice(seeded().db, { ...author, id: (await device('smartload_1')).id });
/** The site's clock is the test's, not the database's. */
const removedNow = () =>
  seeded()
    .db.update(formerConnections)
    .set({ removedAt: new Date(seeded().clock.at) });
const kept = () => seeded().db.select().from(formerConnections);
const ledgerOfRemoved = () =>
  seeded()
    .db.select()
    .from(commands)
    .where(like(commands.loadId, 'left:removed:%'))
    .orderBy(asc(commands.intendedAt));
const openAlerts = async () =>
  (await seeded().db.select().from(alerts).where(isNull(alerts.clearedAt))).filter(({ key }) =>
    key.includes('removed:'),
  );
async function untilOn(worker: TestSite, host: string) {
  for (let i = 0; i < 60 && relays.get(host) !== 'on'; i += 1) await worker.tick();
  expect(relays.get(host)).toBe('on');
  await worker.ticks(2);
}

beforeEach(async () => {
  relays.clear();
  silent.clear();
  told.length = 0;
  const [miner] = await seeded().db.select().from(minerProfiles).where(eq(minerProfiles.priorityLevel, 1));
  expect(miner?.deviceIdentifier).toBe('smartload_1');
  await change({ driver: 'victron-mqtt', connection: { host: 'gx-a', relay: 1 }, control_enabled: true });
  await mode('automatic');
});

describe('a device that is gone while it is on by us', () => {
  const goings: [string, () => Promise<unknown>][] = [
    ['deleted', remove],
    ['reached another way', () => change({ connection: { host: 'gx-b', relay: 1 } })],
  ];

  it.each(goings)('is switched off where it was, once, when it is %s', async (_what, go) => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await go();
    await worker.ticks(2);
    expect(told).toEqual(['gx-a on', 'gx-a off']);
    expect(await ledgerOfRemoved()).toMatchObject([
      { desired: { state: 'off' }, state: 'observed', deviceKey: 'smartload_1', attempts: 1 },
    ]);
    await worker.tick();
    expect(await kept()).toEqual([]);
    expect(await openAlerts()).toEqual([]);
  });

  it.each(goings)('is switched off by the next worker when it is %s while none runs', async (_what, go) => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await worker.site.stop();
    await go();
    // Longer than it will be tried.
    seeded().clock.pass(3 * 24 * 60 * 60_000);
    const next = start('b');
    await next.ticks(3);
    expect(told).toEqual(['gx-a on', 'gx-a off']);
    expect(await kept()).toEqual([]);
  });

  it('is switched off also when its miner has another device since, after a further restart too', async () => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await worker.site.stop();
    const [miner] = await seeded().db.select().from(minerProfiles).where(eq(minerProfiles.priorityLevel, 1));
    const input = {
      key: 'relay_b',
      name: 'Relay B',
      driver: 'victron-mqtt' as const,
      connection: { host: 'gx-b', relay: 1 },
      roles: [],
      control_enabled: true,
    };
    await createDevice(seeded().db, { ...author, input });
    await updateMiner(seeded().db, {
      ...author,
      id: miner?.id ?? '',
      patch: { device_identifier: 'relay_b' },
    });
    await remove();
    await mode('automatic');
    silent.add('gx-a');
    const next = start('b');
    await untilOn(next, 'gx-b');
    await next.site.stop();
    silent.clear();
    await start('c').ticks(3);
    expect(told).toEqual(['gx-a on', 'gx-b on', 'gx-a off']);
  });

  it('is tried for a day, which the owner is told of, and then let go of', async () => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    silent.add('gx-a');
    await remove();
    await removedNow();
    await worker.ticks(8);
    const [alert, ...more] = await openAlerts();
    expect(more).toEqual([]);
    expect(alert?.severity).toBe('critical');
    expect(alert?.text).toMatch(/was on by CommandCenter when it was removed.*gx-a does not answer/);
    seeded().clock.pass(24 * 60 * 60_000);
    await worker.ticks(2);
    expect(await kept()).toEqual([]);
    expect(await openAlerts()).toEqual([]);
    expect(told).toEqual(['gx-a on']);
  });

  it('is its loads’ again when it is set up again, whatever it is called', async () => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await worker.site.stop();
    const { key, name, connection, roles } = await device('smartload_1');
    await remove();
    const input = { key, name, driver: 'victron-mqtt' as const, connection, roles, control_enabled: true };
    await createDevice(seeded().db, { ...author, input });
    await mode('automatic');
    await start('b').ticks(3);
    expect(told).toEqual(['gx-a on']);
    expect(await kept()).toEqual([]);
    expect(relays.get('gx-a')).toBe('on');
  });

  it.each([
    ['while the worker runs', async (worker: TestSite) => void (await worker.ticks(2))],
    ['while none runs', (worker: TestSite) => worker.site.stop()],
  ])('is switched off also when it had got another key before, %s', async (_when, pass) => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await change({ key: 'plug_of_the_miner' });
    await pass(worker);
    const { id } = await device('plug_of_the_miner');
    await deleteDevice(seeded().db, { ...author, id });
    await worker.site.stop();
    await start('b').ticks(3);
    expect(told).toEqual(['gx-a on', 'gx-a off']);
    expect(await kept()).toEqual([]);
  });

  it('that only gets another key stays on', async () => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await change({ key: 'plug_of_the_miner' });
    await worker.ticks(3);
    expect(told).toEqual(['gx-a on']);
    expect(await kept()).toEqual([]);
  });

  it('is told of, and not switched before the site is automatic, when it goes in advisory mode', async () => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await mode('advisory');
    await remove();
    await removedNow();
    await worker.ticks(8);
    expect(told).toEqual(['gx-a on']);
    expect(await openAlerts()).toMatchObject([{ text: expect.stringContaining('switch it off by hand') }]);
    await mode('automatic');
    await worker.ticks(2);
    expect(told).toEqual(['gx-a on', 'gx-a off']);
  });

  it('is left as it is once the site has been advisory for a day', async () => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await mode('advisory');
    await remove();
    await removedNow();
    seeded().clock.pass(24 * 60 * 60_000);
    await worker.ticks(2);
    expect(await kept()).toEqual([]);
    expect(told).toEqual(['gx-a on']);
  });
});

it('keeps nothing of a device that was off', async () => {
  const worker = start('a');
  await worker.tick();
  await remove();
  expect(await kept()).toHaveLength(1);
  await worker.ticks(2);
  expect(await kept()).toEqual([]);
  expect(told).toEqual([]);
});
