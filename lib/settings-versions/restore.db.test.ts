import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { controlState, devices, hvacZones, minerProfiles } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { createDevice, deleteDevice, forgetRemovedDevices, updateDevice } from '@/lib/devices/mutations';
import { getRemovedDevice, rolesNotTakenBack } from '@/lib/devices/queries';
import { type DeviceInput, deviceInput } from '@/lib/devices/schema';
import { isSealed } from '@/lib/devices/secrets';
import { deleteZone, updateZone } from '@/lib/hvac/mutations';
import { listZones } from '@/lib/hvac/queries';
import { createMiner, deleteMiner, orderMiners, updateMiner } from '@/lib/miners/mutations';
import { listMiners } from '@/lib/miners/queries';
import { minerInput } from '@/lib/miners/schema';
import { updatePreferences } from '@/lib/preferences/mutations';
import { getPreferences } from '@/lib/preferences/queries';
import { serialisePreferences } from '@/lib/preferences/serialise';
import { setRetention } from '@/lib/retention/mutations';
import { getRetention } from '@/lib/retention/queries';
import { parseInput } from '@/lib/validate';
import { openSite, settingsSnapshot } from '@/test/api';
import { etagOf } from './etag';
import { findRemoval, listVersions, type SettingsEntity } from './queries';
import { type RestoredState, restoreVersion, undoRemoval } from './restore';

const site = openSite();
const author = { ownerId: OWNER_ID, actor: 'tester' };

beforeAll(() => {
  vi.stubEnv('COMMANDCENTER_SECRET_KEY', 'ab'.repeat(32));
});

async function newest(entity: SettingsEntity, entityId?: string) {
  const [version] = await listVersions(site().db, OWNER_ID, { entity, entityId, limit: 1 });
  if (version === undefined) throw new Error(`no version of ${entity}`);
  return version;
}
const restore = (versionId: number, state: RestoredState = 'after', ifMatch?: string) =>
  restoreVersion(site().db, { ...author, versionId, state, ifMatch });
const preferences = async () => {
  const row = await getPreferences(site().db, OWNER_ID);
  if (row === null) throw new Error('no preferences');
  return row;
};
const change = (patch: Parameters<typeof updatePreferences>[1]['patch']) =>
  updatePreferences(site().db, { ...author, patch });

describe('how long history is kept', () => {
  it('goes back to what it was before a change', async () => {
    const { db } = site();
    const stored = () => getRetention(db, OWNER_ID);
    await setRetention(db, { ...author, patch: { raw_days: 10 } });
    await setRetention(db, { ...author, patch: { raw_days: 60, quarter_days: 800 } });
    const wanted = await newest('retention');
    await restore(wanted.id, 'before');
    expect(await stored()).toEqual({ rawDays: 10, minuteDays: 365, quarterDays: null });
    await restore(wanted.id, 'after');
    expect(await stored()).toEqual({ rawDays: 60, minuteDays: 365, quarterDays: 800 });
    await expect(restore(wanted.id, 'after')).rejects.toMatchObject({ code: 'conflict' });
    await expect(restore(wanted.id, 'before', '"of another row"')).rejects.toMatchObject({ code: 'stale' });
  });
});

describe('preferences', () => {
  it('go back to what a version says, as a new version', async () => {
    await change({ voltage_low: 47.5, voltage_restart: 50.5, voltage_optimal_min: 50.5 });
    const wanted = await newest('preferences');
    await change({ voltage_low: 46, display_units: 'imperial' });
    await restore(wanted.id);
    expect(await preferences()).toMatchObject({ voltageLow: 47.5, displayUnits: 'metric' });
    const made = await newest('preferences');
    expect(made.id).toBeGreaterThan(wanted.id + 1);
    expect(made).toMatchObject({
      actor: 'tester',
      before: { voltage_low: 46 },
      after: { voltage_low: 47.5 },
    });
  });

  it('go back to before the first change', async () => {
    await change({ voltage_low: 46.9 });
    const version = await newest('preferences');
    await restore(version.id, 'before');
    expect((await preferences()).voltageLow).toBe(47.5);
  });

  it('restore a curve with its ends', async () => {
    await change({
      voltage_curve: [
        { soc: 0, voltage: 44 },
        { soc: 100, voltage: 56 },
      ],
      voltage_at_0_percent: 44,
    });
    const version = await newest('preferences');
    await change({ voltage_curve: null, voltage_at_0_percent: 46 });
    await restore(version.id);
    expect(await preferences()).toMatchObject({
      voltageAt0Percent: 44,
      voltageCurve: [
        { soc: 0, voltage: 44 },
        { soc: 100, voltage: 56 },
      ],
    });
  });

  it('say when there is nothing to restore, when the page is stale, and when nothing is there', async () => {
    const version = await newest('preferences');
    const before = await settingsSnapshot(site().db);
    await expect(restore(version.id)).rejects.toMatchObject({ code: 'conflict' });
    await expect(restore(version.id, 'before', etagOf({}))).rejects.toMatchObject({ code: 'stale' });
    await expect(restore(999_999)).rejects.toMatchObject({ code: 'not_found' });
    expect(await settingsSnapshot(site().db)).toBe(before);
    const etag = etagOf(serialisePreferences(await preferences()));
    await restore(version.id, 'before', etag);
  });

  it('are refused by today’s rules, and then nothing changes', async () => {
    const version = await newest('preferences');
    await site().db.execute(
      `update settings_versions set after = after || '{"voltage_low": 51}' where id = ${version.id}`,
    );
    const before = await settingsSnapshot(site().db);
    await expect(restore(version.id)).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ values: { voltage_low: 51, voltage_restart: 50.5 } }],
    });
    expect(await settingsSnapshot(site().db)).toBe(before);
  });

  it('of another owner cannot be reached', async () => {
    const ownerId = await site().otherOwner();
    const version = await newest('preferences');
    await expect(
      restoreVersion(site().db, { ownerId, actor: 'x', versionId: version.id, state: 'after' }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

const miner = (name: string) =>
  parseInput(minerInput, {
    name,
    power_draw_watts: 1000,
    start_voltage: 52,
    stop_voltage: 50,
    emergency_stop_voltage: 48,
  });

describe('miners', () => {
  it('go back, and come back under their id once they are gone', async () => {
    const { db } = site();
    const row = await createMiner(db, { ...author, input: miner('Shed') });
    await updateMiner(db, { ...author, id: row.id, patch: { start_voltage: 53, model: 'S19' } });
    const changed = await newest('miner', row.id);
    await restore(changed.id, 'before');
    const [restored] = await db.select().from(minerProfiles).where(eq(minerProfiles.id, row.id));
    expect(restored).toMatchObject({ startVoltage: 52, model: null });
    await restore(changed.id);

    await deleteMiner(db, { ...author, id: row.id });
    const deleted = await newest('miner', row.id);
    await expect(restore(deleted.id)).rejects.toMatchObject({ code: 'conflict' });
    await restore(deleted.id, 'before');
    const [back] = await db.select().from(minerProfiles).where(eq(minerProfiles.id, row.id));
    expect(back).toMatchObject({ name: 'Shed', startVoltage: 53, model: 'S19' });
    expect(await newest('miner', row.id)).toMatchObject({ before: null, after: { name: 'Shed' } });
  });

  it('cannot come back under a name that was taken meanwhile, nor into a zone that is gone', async () => {
    const { db } = site();
    const row = await createMiner(db, { ...author, input: miner('Barn') });
    await deleteMiner(db, { ...author, id: row.id });
    const deleted = await newest('miner', row.id);
    const other = await createMiner(db, { ...author, input: miner('Barn') });
    await expect(restore(deleted.id, 'before')).rejects.toMatchObject({ code: 'conflict' });
    await deleteMiner(db, { ...author, id: other.id });
    await db.execute(
      `update settings_versions set before = before || '{"zone_id": "${OWNER_ID}"}' where id = ${deleted.id}`,
    );
    await expect(restore(deleted.id, 'before')).rejects.toMatchObject({ issues: [{ path: 'zone_id' }] });
  });

  it('take up an old order, those that came since behind the rest', async () => {
    const { db } = site();
    const ids = (await listMiners(db, OWNER_ID)).map(({ id }) => id);
    await orderMiners(db, { ...author, ids });
    const order = await newest('miner_order');
    const late = await createMiner(db, { ...author, input: miner('Late') });
    await orderMiners(db, { ...author, ids: [late.id, ...ids.toReversed()] });
    await restore(order.id);
    expect((await listMiners(db, OWNER_ID)).map(({ id }) => id)).toEqual([...ids, late.id]);
  });
});

it('zones go back and come back', async () => {
  const { db } = site();
  const [zone] = await listZones(db, OWNER_ID);
  if (zone === undefined) throw new Error('no zone');
  await updateZone(db, { ...author, id: zone.id, patch: { temp_too_hot: 45 } });
  await restore((await newest('zone', zone.id)).id, 'before');
  await deleteZone(db, { ...author, id: zone.id });
  await restore((await newest('zone', zone.id)).id, 'before');
  const [back] = await db.select().from(hvacZones).where(eq(hvacZones.id, zone.id));
  expect(back).toMatchObject({ zoneName: zone.zoneName, tempTooHot: zone.tempTooHot });
});

const gx = (key: string) =>
  parseInput(deviceInput, {
    key,
    name: 'Cerbo GX',
    driver: 'victron-mqtt',
    connection: { host: '127.0.0.1', password: 'hunter2' },
    roles: ['battery'],
  });
const storedDevice = async (id: string) =>
  (await site().db.select().from(devices).where(eq(devices.id, id)))[0];

it('devices go back with the secret that is stored', async () => {
  const { db } = site();
  const input = gx('gx');
  const row = await createDevice(db, { ...author, input });
  await updateDevice(db, { ...author, id: row.id, patch: { connection: { host: '127.0.0.2' }, name: 'GX' } });
  await restore((await newest('device', row.id)).id, 'before');
  const restored = await storedDevice(row.id);
  expect(restored).toMatchObject({ name: 'Cerbo GX', connection: { host: '127.0.0.1' } });
  expect(isSealed(restored?.connection.password)).toBe(true);
});

describe('a deleted device', () => {
  const mode = async () => (await site().db.select().from(controlState))[0]?.controlMode;
  const setMode = (controlMode: 'automatic' | 'paused') =>
    site().db.update(controlState).set({ controlMode, modeSince: new Date() });

  it('comes back whole, its secret and what its driver kept included, and leaves the mode as it was', async () => {
    const { db } = site();
    const { id } = await createDevice(db, { ...author, input: gx('gx-whole') });
    await db
      .update(devices)
      .set({ driverState: { seen: 7 } })
      .where(eq(devices.id, id));
    await setMode('automatic');
    const before = await storedDevice(id);
    await deleteDevice(db, { ...author, id });
    expect(await storedDevice(id)).toBeUndefined();
    const removal = await newest('device', id);
    expect(JSON.stringify(removal)).not.toContain('sealed:');
    await undoRemoval(db, author, removal.id);
    const { connection, driverState, roles } = before ?? expect.unreachable('no device');
    expect(await storedDevice(id)).toMatchObject({ connection, driverState, roles, key: 'gx-whole' });
    expect(isSealed(connection.password)).toBe(true);
    expect(await mode()).toBe('automatic');
  });

  it('takes no measuring role back from who got it meanwhile', async () => {
    const { db } = site();
    const input = (key: string, roles: DeviceInput['roles']) => ({ ...gx(key), roles });
    const { id } = await createDevice(db, { ...author, input: input('gx-roles', ['battery', 'grid']) });
    await deleteDevice(db, { ...author, id });
    const heir = await createDevice(db, { ...author, input: input('gx-heir', ['battery']) });
    const removal = await newest('device', id);
    await undoRemoval(db, author, removal.id);
    expect(await storedDevice(heir.id)).toMatchObject({ roles: ['battery'] });
    expect(await storedDevice(id)).toMatchObject({ roles: ['grid'] });
    expect((await newest('device', id)).after).toMatchObject({ roles: ['grid'] });
    expect(await rolesNotTakenBack(db, OWNER_ID, removal.id)).toEqual(['battery']);
  });

  it('makes a site advisory that was put in automatic without it', async () => {
    const { db } = site();
    const { id } = await createDevice(db, { ...author, input: gx('gx-mode') });
    await setMode('paused');
    await deleteDevice(db, { ...author, id });
    await setMode('automatic');
    await undoRemoval(db, author, (await newest('device', id)).id);
    expect(await mode()).toBe('advisory');
  });

  it('comes back no more once its secret is forgotten, a week later', async () => {
    const { db } = site();
    const { id } = await createDevice(db, { ...author, input: gx('gx-old') });
    await deleteDevice(db, { ...author, id });
    const removal = await newest('device', id);
    const kept = () => getRemovedDevice(db, OWNER_ID, removal.id);
    const days = 86_400_000;
    await forgetRemovedDevices(db, OWNER_ID, removal.at.getTime() + 6 * days);
    expect(await kept()).not.toBeNull();
    expect(await getRemovedDevice(db, await site().otherOwner(), removal.id)).toBeNull();
    await forgetRemovedDevices(db, OWNER_ID, removal.at.getTime() + 8 * days);
    expect(await kept()).toBeNull();
    await expect(undoRemoval(db, author, removal.id)).rejects.toMatchObject({ code: 'conflict' });
    expect(await storedDevice(id)).toBeUndefined();
  });

  it('leaves no secret put aside once it is back', async () => {
    const { db } = site();
    const { id } = await createDevice(db, { ...author, input: gx('gx-back') });
    await deleteDevice(db, { ...author, id });
    const removal = await newest('device', id);
    await undoRemoval(db, author, removal.id);
    expect(await getRemovedDevice(db, OWNER_ID, removal.id)).toBeNull();
  });

  it('that is there again is not overwritten by undoing its deletion once more', async () => {
    const { db } = site();
    const { id } = await createDevice(db, { ...author, input: gx('gx-twice') });
    await deleteDevice(db, { ...author, id });
    const removal = await newest('device', id);
    await undoRemoval(db, author, removal.id);
    await updateDevice(db, { ...author, id, patch: { name: 'Changed since' } });
    await expect(undoRemoval(db, author, removal.id)).rejects.toMatchObject({
      code: 'conflict',
      message: 'It is there already.',
    });
    expect(await storedDevice(id)).toMatchObject({ name: 'Changed since' });
  });

  it('comes back alone where an import removed it beside other changes', async () => {
    const { db } = site();
    const { id } = await createDevice(db, { ...author, input: gx('gx-import') });
    const [zone] = await listZones(db, OWNER_ID);
    await db.transaction(async (tx) => {
      await deleteDevice(tx, { ...author, id });
      await updateZone(tx, { ...author, id: zone?.id ?? '', patch: { temp_too_hot: 44 } });
    });
    await undoRemoval(db, author, (await newest('device', id)).id);
    expect(await storedDevice(id)).toBeDefined();
    expect((await listZones(db, OWNER_ID))[0]?.tempTooHot).toBe(44);
  });
});

describe('a deletion', () => {
  it('is undone whole: the row under its id, and the links that went with it', async () => {
    const [zone] = (await listZones(site().db, OWNER_ID)).filter(
      ({ heatingMinerId }) => heatingMinerId !== null,
    );
    const id = zone?.heatingMinerId ?? expect.unreachable('no zone is heated by a miner');
    const miner = async () => (await listMiners(site().db, OWNER_ID)).find((row) => row.id === id);
    const name = (await miner())?.name;
    await deleteMiner(site().db, { ...author, id });
    expect(await miner()).toBeUndefined();
    const linked = async () =>
      (await listZones(site().db, OWNER_ID)).find((row) => row.id === zone?.id)?.heatingMinerId;
    expect(await linked()).toBeNull();
    const removal = await newest('miner', id);
    const found = () => findRemoval(site().db, OWNER_ID, { entity: 'miner', entityId: id });
    expect(await found()).toMatchObject({ id: removal.id, actor: 'tester', before: { name } });
    await undoRemoval(site().db, author, removal.id);
    expect(await linked()).toBe(id);
    expect(await miner()).toMatchObject({ id, name });
    expect(await found()).toBeNull();
    await expect(undoRemoval(site().db, author, (await newest('miner', id)).id)).rejects.toThrow(
      'Nothing was deleted by that.',
    );
  });
});
