import { asc, desc, eq, isNull, like } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import { alerts, commands, devices, formerConnections, minerProfiles, settingsVersions } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import type { ControlMode } from '@/lib/core/types';
import { createDevice, deleteDevice, updateDevice } from '@/lib/devices/mutations';
import type { DevicePatch } from '@/lib/devices/schema';
import { openDevice } from '@/lib/drivers/registry';
import { DriverError } from '@/lib/drivers/types';
import { updateMiner } from '@/lib/miners/mutations';
import { setMode } from '@/lib/mode/mutations';
import { restoreVersion, undoRemoval } from '@/lib/settings-versions/restore';
import { buildConfig, type ConnectionOf, readSettings } from './config';
import { seededSite } from './seeded-site.case';
import type { TestSite } from './site.case';

// A clear morning in California: the bank is in the middle and the sun comes up.
const seeded = seededSite(Date.UTC(2026, 5, 1, 17, 0));
const author = { ownerId: OWNER_ID, actor: 'test' };

/** Done once, while the next switch is being told. */
let meanwhile: (() => Promise<unknown>) | null = null;
/** Done once, while a relay is being read: the tick goes by settings of before, and is recorded afterwards. */
let whileRead: (() => Promise<unknown>) | null = null;
/** The relays in the house by their address, what they were told, and which of them do not answer. */
const relays = new Map<string, 'on' | 'off'>();
const told: string[] = [];
const silent = new Set<string>();

const open: typeof openDevice = async (row, context) => {
  if (row.driver === 'simulated') return openDevice(row, context);
  const { host: address, portal_id: portal } = row.connection as { host: string; portal_id?: string | null };
  const host = portal ? `${address}/${portal}` : address;
  const answer = () => {
    if (silent.has(host))
      throw new DriverError('unreachable', `${row.key} at ${host} does not answer.`, true);
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
          const change = whileRead;
          whileRead = null;
          await change?.();
          const state = relays.get(host) ?? 'off';
          return { state, sampleAt: context.now(), powerW: null, insideMeasuredLoad: false };
        },
        async setSwitch(state) {
          answer();
          told.push(`${host} ${state}`);
          const interruption = meanwhile;
          meanwhile = null;
          await interruption?.();
          relays.set(host, state);
        },
      },
    },
    saveState: () => null,
    close: async () => {},
  };
};
const toldAtA = () => told.filter((each) => each.startsWith('gx-a'));
const start = (workerId: string, connectionOf?: ConnectionOf) =>
  seeded().start(workerId, { shown: false, open, connectionOf });
const mode = (controlMode: ControlMode) => setMode(seeded().db, { ...author, controlMode });
const device = async (key: string) => {
  const [row] = await seeded().db.select().from(devices).where(eq(devices.key, key));
  return row ?? expect.unreachable(key);
};
const change = async (patch: DevicePatch, key = 'smartload_1') =>
  updateDevice(seeded().db, { ...author, id: (await device(key)).id, patch });
const remove = async (key = 'smartload_1') =>
  deleteDevice(seeded().db, { ...author, id: (await device(key)).id });
/** The newest change of a device. */
const newestVersion = async () => {
  const [version] = await seeded()
    .db.select({ id: settingsVersions.id, after: settingsVersions.after })
    .from(settingsVersions)
    .where(eq(settingsVersions.entity, 'device'))
    .orderBy(desc(settingsVersions.id))
    .limit(1);
  return version ?? expect.unreachable('no device was changed');
};
const undo = async () => {
  const removal = await newestVersion();
  expect(removal.after).toBeNull();
  await undoRemoval(seeded().db, author, removal.id);
  await mode('automatic');
};
const add = (key: string, host: string, portal: string | null = null) =>
  createDevice(seeded().db, {
    ...author,
    input: {
      key,
      name: `Relay at ${host}`,
      driver: 'victron-mqtt',
      connection: { host, relay: 1, portal_id: portal },
      roles: [],
      control_enabled: true,
    },
  });
const addAgain = () => add('smartload_1', 'gx-a').then(() => mode('automatic'));
const link = async (device_identifier: string | null) => {
  const [miner] = await seeded().db.select().from(minerProfiles).where(eq(minerProfiles.priorityLevel, 1));
  await updateMiner(seeded().db, { ...author, id: miner?.id ?? '', patch: { device_identifier } });
};
/** The site's clock is the test's, not the database's. */
const removedNow = () =>
  seeded()
    .db.update(formerConnections)
    .set({ removedAt: new Date(seeded().clock.at) });
const kept = () => seeded().db.select().from(formerConnections);
const ledgerOfFormer = () =>
  seeded()
    .db.select()
    .from(commands)
    .where(like(commands.loadId, 'left:former:%'))
    .orderBy(asc(commands.intendedAt));
const allAlerts = () => seeded().db.select().from(alerts).where(isNull(alerts.clearedAt));
const openAlerts = async () => (await allAlerts()).filter(({ key }) => key.includes('former:'));
const reverts = async () =>
  (await seeded().db.select().from(alerts)).filter(({ key }) => key.startsWith('reverted:'));
/** On by us at gx-a, with a worker that runs. */
async function onAtA() {
  const worker = start('a');
  await untilOn(worker, 'gx-a');
  return worker;
}
async function untilOn(worker: TestSite, host: string) {
  await untilTold(worker, host);
  await worker.ticks(2);
}
/** Until it is told to be on; the worker has not seen it so. */
async function untilTold(worker: TestSite, host: string) {
  for (let i = 0; i < 60 && relays.get(host) !== 'on'; i += 1) await worker.tick();
  expect(relays.get(host)).toBe('on');
}

beforeEach(async () => {
  relays.clear();
  silent.clear();
  told.length = 0;
  whileRead = null;
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
    expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
    expect(await ledgerOfFormer()).toMatchObject([
      { desired: { state: 'off' }, state: 'observed', attempts: 1 },
    ]);
    await worker.tick();
    expect(await kept()).toEqual([]);
    expect(await openAlerts()).toEqual([]);
  });

  it.each(goings)('is switched off also when it is %s while it is being switched on', async (_what, go) => {
    const worker = start('a');
    meanwhile = go;
    await untilOn(worker, 'gx-a');
    await worker.ticks(2);
    expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
    expect(await kept()).toEqual([]);
    expect(await reverts()).toEqual([]);
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
    await add('relay_b', 'gx-b');
    await link('relay_b');
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
    expect(alert?.text).not.toContain('former:');
    seeded().clock.pass(24 * 60 * 60_000);
    await worker.ticks(2);
    expect(await kept()).toEqual([]);
    expect(await openAlerts()).toEqual([]);
    expect(told).toEqual(['gx-a on']);
  });

  it('is its loads’ again when it is set up again', async () => {
    const worker = start('a');
    await untilOn(worker, 'gx-a');
    await worker.site.stop();
    await remove();
    await add('smartload_1', 'gx-a');
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
    await remove('plug_of_the_miner');
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

describe('a device that is changed while a tick sees its load go on', () => {
  const atB = { host: 'gx-b', relay: 1 };
  const goesOn = (worker: TestSite) => worker;
  const another = (worker: TestSite) => worker.site.stop().then(() => start('b'));
  const nothing = async () => {};
  it.each([
    ['deleted, and the worker ends', remove, nothing, another],
    ['moved, and the worker ends', () => change({ connection: atB }), nothing, another],
    ['renamed, then deleted', () => change({ key: 'plug' }), () => remove('plug'), goesOn],
    ['renamed, then moved', () => change({ key: 'plug' }), () => change({ connection: atB }, 'plug'), goesOn],
    ['renamed, then deleted while none runs', () => change({ key: 'plug' }), () => remove('plug'), another],
  ])('is switched off where it was when it is %s', async (_what, during, then, next) => {
    const worker = start('a');
    await untilTold(worker, 'gx-a');
    whileRead = during;
    await worker.tick();
    await then();
    await (await next(worker)).ticks(3);
    expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
    expect(await kept()).toEqual([]);
  });
});

it('stays its loads’ when devices are changed while a tick finds it set up again, and the worker ends', async () => {
  const worker = await onAtA();
  await remove();
  await addAgain();
  whileRead = () => change({ name: 'Relay' });
  await worker.tick();
  await worker.site.stop();
  await link(null);
  await start('b').ticks(3);
  expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
  expect(await kept()).toEqual([]);
});

it('is its loads’ again, in the ledger too, when devices are changed while a tick finds it set up again', async () => {
  const worker = await onAtA();
  await remove();
  await addAgain();
  whileRead = () => change({ name: 'Relay' });
  await worker.ticks(2);
  const atFormer = await seeded().db.select().from(commands).where(like(commands.deviceKey, 'former:%'));
  expect(atFormer).toEqual([]);
  expect(await kept()).toEqual([]);
});

it('may be renamed while a tick replaces its command', async () => {
  const worker = start('a');
  await untilTold(worker, 'gx-a');
  await mode('paused');
  whileRead = () => change({ key: 'plug' });
  expect(await worker.tick()).toBe('recorded');
  await worker.ticks(2);
  expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
  const rows = await seeded().db.select().from(commands).where(like(commands.deviceKey, 'smartload_1'));
  expect(rows).toEqual([]);
});

it.each([
  ['deleted', remove],
  ['moved', () => change({ connection: { host: 'gx-b', relay: 1 } })],
])(
  'is switched off where it was when it is %s while a tick decides that, and the worker ends',
  async (_what, go) => {
    const worker = await onAtA();
    await mode('paused');
    whileRead = async () => {
      await go();
      silent.add('gx-a');
    };
    await worker.tick();
    await worker.site.stop();
    silent.clear();
    await start('b').ticks(3);
    expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
    expect(await kept()).toEqual([]);
  },
);

it('keeps nothing of a device that was off', async () => {
  const worker = start('a');
  await worker.tick();
  await remove();
  expect(await kept()).toEqual([]);
  await worker.ticks(2);
  expect(told).toEqual([]);
});

describe('a device that is given another key as well', () => {
  const atB = { host: 'gx-b', relay: 1 };
  const saves: [string, () => Promise<unknown>][] = [
    ['in one save', () => change({ key: 'plug', connection: atB })],
    ['before', () => change({ key: 'plug' }).then(() => change({ connection: atB }, 'plug'))],
    ['afterwards', () => change({ connection: atB }).then(() => change({ key: 'plug' }))],
  ];

  it.each(saves)('is switched off where it was, %s, while the worker runs', async (_when, save) => {
    const worker = await onAtA();
    await save();
    await worker.ticks(3);
    expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
    expect(await kept()).toEqual([]);
  });

  it.each(saves)('is switched off where it was, %s, while none runs', async (_when, save) => {
    await (await onAtA()).site.stop();
    await save();
    await start('b').ticks(3);
    expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
    expect(await kept()).toEqual([]);
  });
});

describe('a device that moves while its load runs', () => {
  it('runs on at its new address, and no other is accused of switching it', async () => {
    const worker = await onAtA();
    silent.add('gx-a');
    await change({ connection: { host: 'gx-b', relay: 1 } });
    await untilOn(worker, 'gx-b');
    silent.clear();
    await worker.ticks(8);
    expect(relays.get('gx-a')).toBe('off');
    expect(await kept()).toEqual([]);
    const [newest] = (await seeded().db.select().from(commands).orderBy(desc(commands.intendedAt))).filter(
      ({ deviceKey }) => deviceKey === 'smartload_1',
    );
    expect(newest).toMatchObject({ desired: { state: 'on' }, state: 'observed' });
    expect(await reverts()).toEqual([]);
  });

  it.each([
    ['before its off is seen', 0],
    ['after it', 3],
  ])('and back again, %s, is nobody else’s doing either', async (_when, ticks) => {
    const worker = await onAtA();
    await change({ connection: { host: 'gx-b', relay: 1 } });
    await worker.ticks(ticks);
    await change({ connection: { host: 'gx-a', relay: 1 } });
    await worker.ticks(8);
    expect(await kept()).toEqual([]);
    expect(await reverts()).toEqual([]);
    expect(relays.get('gx-a')).toBe('on');
    expect(relays.get('gx-b') ?? 'off').toBe('off');
  });

  it('in advisory mode is told of, and switched off once the site is automatic', async () => {
    const worker = await onAtA();
    await mode('advisory');
    await change({ connection: { host: 'gx-b', relay: 1 } });
    await removedNow();
    await worker.ticks(8);
    expect(await openAlerts()).toMatchObject([{ text: expect.stringContaining('switch it off by hand') }]);
    await mode('automatic');
    await worker.ticks(2);
    expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
  });

  it('in advisory mode is told of no more once it is switched off by hand', async () => {
    const worker = await onAtA();
    await mode('advisory');
    await change({ connection: { host: 'gx-b', relay: 1 } });
    relays.set('gx-a', 'off');
    await worker.ticks(2);
    expect(await kept()).toEqual([]);
    expect(await reverts()).toEqual([]);
  });

  it('stays on when something else of its connection changes', async () => {
    const worker = await onAtA();
    await change({
      connection: { host: 'GX-A', relay: 1, port: 8883, tls: true, temperature_instance: 24 },
    });
    expect(await kept()).toEqual([]);
    relays.set('GX-A', 'on');
    await worker.ticks(3);
    expect(told).toEqual(['gx-a on']);
  });

  it('is the same one when it is found on at its new address and nobody answers at the old', async () => {
    const worker = await onAtA();
    silent.add('gx-a');
    relays.set('gx-b', 'on');
    await change({ connection: { host: 'gx-b', relay: 1 } });
    await removedNow();
    await worker.ticks(8);
    expect(await kept()).toHaveLength(1);
    await worker.ticks(40);
    expect(await kept()).toEqual([]);
    expect(await openAlerts()).toEqual([]);
    expect(await reverts()).toEqual([]);
    expect(told).toEqual(['gx-a on']);
    // It is ours there too: nobody switches it any more.
    await link(null);
    await worker.ticks(2);
    expect(told).toEqual(['gx-a on', 'gx-b off']);
  });

  it('may be the same one under a new address, which the alert says, while it answers there', async () => {
    const worker = await onAtA();
    silent.add('gx-a');
    await change({ connection: { host: 'gx-b', relay: 1 } });
    await removedNow();
    await worker.ticks(8);
    const [alert, ...more] = await openAlerts();
    expect(more).toEqual([]);
    expect(alert?.severity).toBe('warning');
    expect(alert?.text).toMatch(/Where only its address is new, nothing is to be done/);
    expect(alert?.text).not.toContain('former:');
  });
});

it('is tried for a day of its own when an off had failed for longer before it was deleted', async () => {
  const worker = await onAtA();
  silent.add('gx-a');
  await mode('paused');
  await worker.ticks(3);
  seeded().clock.pass(30 * 60 * 60_000);
  await worker.tick();
  await remove();
  await worker.ticks(2);
  expect(await kept()).toHaveLength(1);
  silent.clear();
  seeded().clock.pass(60_000);
  await worker.ticks(9);
  expect(told).toEqual(['gx-a on', 'gx-a off']);
  expect(await kept()).toEqual([]);
});

it('is tried for no longer than a day when the site is advisory in between', async () => {
  const worker = await onAtA();
  silent.add('gx-a');
  await remove();
  await removedNow();
  await worker.ticks(2);
  for (const _ of ['morning', 'noon', 'evening']) {
    seeded().clock.pass(7 * 60 * 60_000);
    await mode('advisory');
    await worker.ticks(2);
    await mode('automatic');
    await worker.ticks(2);
    expect(await kept()).toHaveLength(1);
  }
  seeded().clock.pass(3 * 60 * 60_000);
  await worker.ticks(2);
  expect(await kept()).toEqual([]);
});

it.each([
  ['with a load that runs it', true],
  ['without one', false],
])('is its loads’ again when it is set up under another key, %s', async (_how, linked) => {
  await (await onAtA()).site.stop();
  await remove();
  await add('relay_again', 'gx-a');
  await link(linked ? 'relay_again' : null);
  await mode('automatic');
  const worker = start('b');
  await worker.ticks(4);
  expect(await kept()).toEqual([]);
  expect(await openAlerts()).toEqual([]);
  expect(told).toEqual(linked ? ['gx-a on'] : ['gx-a on', 'gx-a off']);
  await worker.site.stop();
  await start('c').ticks(2);
  expect(told).toHaveLength(linked ? 1 : 2);
});

it('leaves another device alone that takes the key, once its off was given up', async () => {
  const worker = await onAtA();
  silent.add('gx-a');
  await remove();
  await removedNow();
  await worker.ticks(2);
  seeded().clock.pass(24 * 60 * 60_000);
  await worker.ticks(2);
  expect(await kept()).toEqual([]);
  await link(null);
  relays.set('gx-c', 'on');
  await add('smartload_1', 'gx-c');
  await mode('automatic');
  await worker.ticks(4);
  await worker.site.stop();
  await start('b').ticks(3);
  expect(told).toEqual(['gx-a on']);
});

it('has secrets that cannot be read, which nobody can enter again', async () => {
  await onAtA();
  await remove();
  await add('smartload_1', 'gx-c');
  const stored = await readSettings(seeded().db, OWNER_ID, seeded().clock.at);
  const { former, devices: all } = buildConfig(stored, () => {
    throw new Error('another key');
  });
  expect(all.find(({ key }) => key === 'smartload_1')?.problem).toMatch(/cannot be read.*enter them again/);
  expect(former[0]?.problem).toMatch(/cannot be read/);
  expect(former[0]?.problem).not.toMatch(/enter them|former:/);
});

it('is taken for no other where nobody knows what it switches', async () => {
  const worker = await onAtA();
  silent.add('gx-a');
  await remove();
  await seeded().db.update(formerConnections).set({ driver: 'of_a_later_version' });
  await worker.ticks(2);
  expect(await kept()).toHaveLength(1);
});

it('is not taken for another device only because neither’s secrets can be read', async () => {
  await (await onAtA()).site.stop();
  await remove();
  await add('another', 'gx-c');
  await mode('automatic');
  const worker = start('b', () => {
    throw new Error('another key');
  });
  await worker.ticks(2);
  expect(await kept()).toHaveLength(1);
});

const PORTAL_P = 'd41243aaaaaa';
const PORTAL_Q = 'd41243bbbbbb';

it('leaves another device behind the same address alone, and is told off itself', async () => {
  await change({ connection: { host: 'gx-a', relay: 1, portal_id: PORTAL_P } });
  await add('neighbour', 'gx-a', PORTAL_Q);
  await mode('automatic');
  relays.set(`gx-a/${PORTAL_Q}`, 'on');
  const worker = start('a');
  await untilOn(worker, `gx-a/${PORTAL_P}`);
  await remove();
  await worker.ticks(4);
  expect(told).toEqual([`gx-a/${PORTAL_P} on`, `gx-a/${PORTAL_P} off`]);
});

it('in advisory mode is not forgotten by one look that failed', async () => {
  const worker = await onAtA();
  await mode('advisory');
  relays.set('gx-b', 'on');
  await change({ connection: { host: 'gx-b', relay: 1 } });
  await removedNow();
  await worker.ticks(2);
  silent.add('gx-a');
  await worker.ticks(40);
  silent.clear();
  expect(await kept()).toHaveLength(1);
  await mode('automatic');
  await worker.ticks(12);
  expect(told).toEqual(['gx-a on', 'gx-a off']);
});

it('is left as it is with control off, which the owner is told, and so is whatever takes its key', async () => {
  const worker = await onAtA();
  await change({ control_enabled: false });
  await link(null);
  await worker.ticks(2);
  await remove();
  await removedNow();
  await add('smartload_1', 'gx-c');
  relays.set('gx-c', 'on');
  await mode('automatic');
  await worker.ticks(12);
  expect(told).toEqual(['gx-a on']);
  expect(await openAlerts()).toMatchObject([{ text: expect.stringContaining('control was not enabled') }]);
  relays.set('gx-a', 'off');
  await worker.ticks(2);
  expect(await kept()).toEqual([]);
  expect(await openAlerts()).toEqual([]);
  expect(await reverts()).toEqual([]);
});

it.each([
  ['in one tick', 0],
  ['a tick between each', 1],
])('is switched off once control of its device is enabled again, %s', async (_how, ticks) => {
  const worker = await onAtA();
  const steps = [
    () => change({ control_enabled: false }),
    remove,
    undo,
    () => change({ control_enabled: true }),
    remove,
  ];
  for (const step of steps) {
    await step();
    await worker.ticks(ticks);
  }
  await worker.ticks(3);
  expect(told).toEqual(['gx-a on', 'gx-a off']);
  expect(await kept()).toEqual([]);
});

const toB = () => change({ connection: { host: 'gx-b', relay: 1 } });
const toA = () => change({ connection: { host: 'gx-a', relay: 1 } });
const controlled = (control_enabled: boolean) => () => change({ control_enabled });
it.each([
  ['deleted and brought back', [remove, undo]],
  ['deleted, brought back and deleted', [remove, undo, remove]],
  ['deleted, brought back and moved', [remove, undo, toB]],
  ['deleted, added again and deleted', [remove, addAgain, remove]],
  ['moved, deleted and brought back', [toB, remove, undo]],
  ['moved there and back, and deleted', [toB, toA, remove]],
  [
    'out of control, deleted, brought back and under control',
    [controlled(false), remove, undo, controlled(true)],
  ],
])('is told one on and one off when it is %s within a tick', async (_what, steps) => {
  const worker = await onAtA();
  for (const step of steps) await step();
  await worker.ticks(10);
  // Whatever is on there now is ours, and goes off with its load.
  await link(null);
  await worker.ticks(3);
  expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
  expect(relays.get('gx-b') ?? 'off').toBe('off');
  expect(await kept()).toEqual([]);
  expect(await reverts()).toEqual([]);
});

it('is switched off where it was once control is enabled at its new address', async () => {
  const worker = await onAtA();
  await change({ control_enabled: false });
  await change({ connection: { host: 'gx-b', relay: 1 } });
  await worker.ticks(2);
  expect(toldAtA()).toEqual(['gx-a on']);
  await change({ control_enabled: true });
  await worker.ticks(3);
  expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
});

it('is switched off where it was once the device that is gone comes back with control enabled', async () => {
  const worker = await onAtA();
  await change({ control_enabled: false });
  const { id } = await newestVersion();
  await toB();
  await remove();
  await worker.ticks(2);
  expect(toldAtA()).toEqual(['gx-a on']);
  await restoreVersion(seeded().db, { ...author, versionId: id, state: 'before' });
  expect(await device('smartload_1')).toMatchObject({ connection: { host: 'gx-a' }, controlEnabled: true });
  await change({ connection: { host: 'gx-b', relay: 1 } });
  await mode('automatic');
  await worker.ticks(3);
  expect(toldAtA()).toEqual(['gx-a on', 'gx-a off']);
});

it('that was seen off does not answer for its new address', async () => {
  const worker = await onAtA();
  await link(null);
  await worker.ticks(4);
  expect(told).toEqual(['gx-a on', 'gx-a off']);
  relays.set('gx-b', 'on');
  await change({ connection: { host: 'gx-b', relay: 1 } });
  await worker.ticks(12);
  expect(told).toEqual(['gx-a on', 'gx-a off']);
  expect(await reverts()).toEqual([]);
  expect(await kept()).toEqual([]);
});
