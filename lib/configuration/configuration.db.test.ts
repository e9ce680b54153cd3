import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { desc, eq } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as previewRoute from '@/app/api/configuration/preview/route';
import * as configuration from '@/app/api/configuration/route';
import { connect } from '@/db/client';
import { controlState, devices, hvacZones, minerProfiles, settingsVersions } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { createDevice } from '@/lib/devices/mutations';
import { deviceInput } from '@/lib/devices/schema';
import { call, openSite, settingsSnapshot } from '@/test/api';
import { createTestDatabase } from '@/test/database';
import { importConfiguration } from './mutations';
import { configurationFile } from './schema';

const site = openSite();
const AUTHOR = { ownerId: OWNER_ID, actor: 'me' };
let token = '';

beforeAll(async () => {
  writeFileSync(join(site().dataDirectory, 'secret.key'), 'ab'.repeat(32));
  token = await site().token('admin');
  await createDevice(site().db, {
    ...AUTHOR,
    input: deviceInput.parse({
      key: 'gx',
      name: 'Cerbo GX',
      driver: 'victron-mqtt',
      connection: { host: 'venus.local', password: 'hunter2hunter2' },
    }),
  });
});

const exported = async () => (await call(configuration, 'GET', { token })).body;
const post = (body: unknown, headers: Record<string, string> = {}) =>
  call(configuration, 'POST', { token, body, headers });
const preview = (body: unknown) => call(previewRoute, 'POST', { token, body });
const NOTHING = { added: [], removed: [], changed: [] };
// biome-ignore lint/suspicious/noExplicitAny: entries of the file, edited as an owner would
const named = (list: any[], name: string) =>
  list.find((entry) => [entry.name, entry.zone_name, entry.key].includes(name));

let original: Awaited<ReturnType<typeof exported>>;
beforeEach(async () => {
  original ??= await exported();
  const back = await post(original);
  expect(back.status, back.text).toBe(200);
});

describe('the exported configuration', () => {
  it('passes its own schema and changes nothing when it comes back', async () => {
    const file = await exported();
    expect(configurationFile.safeParse(file).error?.issues ?? []).toEqual([]);
    const before = await settingsSnapshot(site().db);
    const answer = await post(file);
    expect(answer.body).toEqual({
      preferences: [],
      retention: [],
      zones: NOTHING,
      miners: NOTHING,
      devices: NOTHING,
    });
    expect(await settingsSnapshot(site().db)).toBe(before);
  });

  it('names what belongs together and holds no secret', async () => {
    const file = await exported();
    expect(named(file.miners, 'Primary S21+ (Revenue)').zone).toBe('Heat Room');
    expect(named(file.zones, 'Heat Room').heating_miner).toBe('Primary S21+ (Revenue)');
    const { text, headers } = await call(configuration, 'GET', { token });
    expect(text).not.toMatch(/hunter2|sealed|password|user_id|[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect(headers.get('content-disposition')).toContain('.json');
  });
});

describe('an import', () => {
  it('sets how long history is kept, under the same rules and recorded as by hand', async () => {
    const file = await exported();
    expect(file.retention).toEqual({ raw_days: 30, minute_days: 365, quarter_days: null });
    file.retention = { raw_days: 400, minute_days: 365, quarter_days: null };
    const refused = await post(file);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('raw_days (400 days) must be at most minute_days (365 days)');
    expect((await exported()).retention).toEqual({ raw_days: 30, minute_days: 365, quarter_days: null });

    file.retention = { raw_days: 14, minute_days: 365, quarter_days: null };
    const applied = await post(file);
    expect(applied.body.retention).toEqual([{ field: 'raw_days', before: 30, after: 14 }]);
    expect((await exported()).retention.raw_days).toBe(14);
    const recorded = await site()
      .db.select()
      .from(settingsVersions)
      .where(eq(settingsVersions.entity, 'retention'));
    expect(recorded).toHaveLength(1);
  });

  it('is previewed as what is added, changed and removed, and changes nothing until it is applied', async () => {
    const file = await exported();
    file.preferences.voltage_low = 46.5;
    named(file.miners, 'Primary S21+ (Revenue)').start_voltage = 50.5;
    named(file.zones, 'Main Room').heating_miner = 'New miner';
    named(file.zones, 'Main Room').zone_name = 'Workshop';
    file.miners = file.miners.filter((miner: { name: string }) => !miner.name.startsWith('Dump'));
    file.miners.push({
      name: 'New miner',
      power_draw_watts: 1000,
      start_voltage: 53,
      stop_voltage: 51,
      emergency_stop_voltage: 48,
      zone: 'Workshop',
    });
    named(file.devices, 'gx').name = 'Cerbo in the shed';
    const before = await settingsSnapshot(site().db);
    const seen = await preview(file);
    expect(seen.body).toEqual({
      preferences: [{ field: 'voltage_low', before: 47, after: 46.5 }],
      retention: [],
      zones: { added: ['Workshop'], removed: ['Main Room'], changed: [] },
      miners: {
        added: ['New miner'],
        removed: ['Dump Load S19 #1'],
        changed: [
          { name: 'Primary S21+ (Revenue)', fields: [{ field: 'start_voltage', before: 50, after: 50.5 }] },
        ],
      },
      devices: {
        added: [],
        removed: [],
        changed: [
          { name: 'gx', fields: [{ field: 'name', before: 'Cerbo GX', after: 'Cerbo in the shed' }] },
        ],
      },
    });
    expect(await settingsSnapshot(site().db)).toBe(before);

    const applied = await post(file, { 'if-match': seen.headers.get('etag') ?? '' });
    expect(applied.body).toEqual(seen.body);
    const { exported_at: _then, ...now } = await exported();
    expect(now.preferences.voltage_low).toBe(46.5);
    expect(named(now.miners, 'New miner')).toMatchObject({ zone: 'Workshop', priority_level: 5 });
    expect(named(now.zones, 'Workshop')).toMatchObject({ heating_miner: 'New miner' });
    expect(now.miners).toHaveLength(2);
    const [gx] = await site().db.select().from(devices).where(eq(devices.key, 'gx'));
    expect(gx?.connection.password, 'a kept secret').toMatch(/^sealed:/);
  });

  it('keeps ids, so that history stays with its miner, and records every change', async () => {
    const file = await exported();
    const idOf = async () =>
      (
        await site().db.select().from(minerProfiles).where(eq(minerProfiles.name, 'Primary S21+ (Revenue)'))
      )[0]?.id;
    const id = await idOf();
    named(file.miners, 'Primary S21+ (Revenue)').start_voltage = 51;
    await post(file);
    expect(await idOf()).toBe(id);
    const [last] = await site()
      .db.select()
      .from(settingsVersions)
      .orderBy(desc(settingsVersions.id))
      .limit(1);
    expect(last).toMatchObject({ entity: 'miner', entityId: id, actor: 'token admin test' });
  });

  it('leaves a section alone that the file does not have, and a field that an entry leaves out', async () => {
    const { format, format_version } = await exported();
    const answer = await post({
      format,
      format_version,
      devices: [{ key: 'gx', name: 'GX', driver: 'victron-mqtt' }],
    });
    expect(answer.body.miners).toEqual(NOTHING);
    expect(answer.body.devices.changed).toEqual([
      { name: 'gx', fields: [{ field: 'name', before: 'Cerbo GX', after: 'GX' }] },
    ]);
    expect(answer.body.devices.removed.length).toBeGreaterThan(3);
  });

  it('with anything wrong in it changes nothing, and names each entry', async () => {
    const file = await exported();
    file.preferences.voltage_low = 46.5;
    named(file.miners, 'Primary S21+ (Revenue)').stop_voltage = 55;
    named(file.miners, 'Dump Load S19 #1').zone = 'Nowhere';
    named(file.zones, 'Heat Room').temp_cold_ok = 1;
    const before = await settingsSnapshot(site().db);
    for (const answer of [await preview(file), await post(file)]) {
      expect(answer.status).toBe(400);
      const paths = answer.body.errors.map(({ path }: { path: string }) => path.replace(/\d+/, 'n'));
      expect(paths).toEqual(
        expect.arrayContaining(['miners.n.stop_voltage', 'miners.n.zone', 'zones.n.temp_cold_ok']),
      );
    }
    expect(await settingsSnapshot(site().db)).toBe(before);
  });

  it.each([
    ['another file', { name: 'package' }, /format/],
    ['a later format', { format: 'commandcenter-configuration', format_version: 2 }, /format_version/],
    [
      'a name twice',
      {
        format: 'commandcenter-configuration',
        format_version: 1,
        zones: [{ zone_name: 'A' }, { zone_name: 'A' }],
      },
      /zone_name twice/,
    ],
    [
      'one role for two devices',
      {
        format: 'commandcenter-configuration',
        format_version: 1,
        devices: ['a', 'b'].map((key) => ({ key, name: key, driver: 'recording', roles: ['battery'] })),
      },
      /one device at most/,
    ],
  ])('refuses %s', async (_name, body, message) => {
    const answer = await preview(body);
    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(message);
  });

  it('is refused where a link is left to what it removes: a renamed miner or zone is another one', async () => {
    const file = await exported();
    named(file.miners, 'Primary S21+ (Revenue)').name = 'S21';
    const miner = await preview(file);
    expect(miner.status).toBe(400);
    expect(miner.text).toContain(
      'heating_miner: \\"Primary S21+ (Revenue)\\" names no miner of the file or of yours.',
    );

    const other = await exported();
    named(other.zones, 'Heat Room').zone_name = 'Boiler room';
    const zone = await preview(other);
    expect(zone.status).toBe(400);
    expect(zone.text).toContain('zone: \\"Heat Room\\" names no zone of the file or of yours.');
  });

  it('is refused when the settings changed since the preview', async () => {
    const file = await exported();
    const seen = await preview(file);
    await post({ ...file, preferences: { ...file.preferences, voltage_low: 46 } });
    const late = await post(file, { 'if-match': seen.headers.get('etag') ?? '' });
    expect(late.status).toBe(412);
  });

  it('takes a password written into it, and shows it to nobody', async () => {
    const file = await exported();
    named(file.devices, 'gx').connection.password = 'swordfish-of-old';
    const seen = await preview(file);
    expect(seen.body.devices.changed).toMatchObject([{ name: 'gx', fields: [{ field: 'connection' }] }]);
    expect(seen.text).not.toContain('swordfish');
    const answer = await post(file);
    expect(answer.text).not.toContain('swordfish');
    const [gx] = await site().db.select().from(devices).where(eq(devices.key, 'gx'));
    expect(JSON.stringify(gx)).not.toContain('swordfish');
  });

  it('brings a whole site to another installation, links and all, and real hardware makes it advisory', async () => {
    const file = configurationFile.parse(await exported());
    const elsewhere = await createTestDatabase();
    const other = connect(elsewhere.url, { max: 1, applicationName: 'test-import' });
    await other.db.delete(minerProfiles);
    await other.db.delete(hvacZones);
    await importConfiguration(other.db, { ...AUTHOR, file });
    const [primary] = await other.db.select().from(minerProfiles).where(eq(minerProfiles.priorityLevel, 1));
    const [room] = await other.db.select().from(hvacZones).where(eq(hvacZones.zoneName, 'Heat Room'));
    expect(primary?.zoneId).toBe(room?.id);
    expect(room?.heatingMinerId).toBe(primary?.id);
    const [state] = await other.db.select().from(controlState);
    expect(state?.controlMode).toBe('advisory');
    await other.end();
    await elsewhere.drop();
  });

  it('takes a large site with long names, indented by an editor', async () => {
    const name = (kind: string, number: number) => `${kind} ${number} `.padEnd(120, '鉱');
    const twenty = Array.from({ length: 20 }, (_, index) => index);
    const file = await exported();
    const [miner] = file.miners;
    const [zone] = file.zones;
    const large = {
      ...file,
      zones: twenty
        .slice(0, 10)
        .map((n) => ({ ...zone, zone_name: name('Zone', n), heating_miner: name('Miner', n) })),
      miners: twenty.map((n) => ({
        ...miner,
        name: name('Miner', n),
        model: name('Model', n).slice(0, 100),
        zone: name('Zone', n % 10),
      })),
      devices: twenty.map((n) => ({
        key: `device-${n}`,
        name: name('Device', n),
        driver: 'victron-mqtt',
        connection: { host: `${'x'.repeat(240)}${n}.home`, username: 'u'.repeat(100) },
      })),
    };
    const text = JSON.stringify(large, null, 4);
    expect(Buffer.byteLength(text)).toBeGreaterThan(64 * 1024);
    const answer = await post(text);
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body.miners.added).toHaveLength(20);
    const again = await post(await exported());
    expect(again.body).toEqual({
      preferences: [],
      retention: [],
      zones: NOTHING,
      miners: NOTHING,
      devices: NOTHING,
    });
  });
});
