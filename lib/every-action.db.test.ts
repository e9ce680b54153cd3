import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as schema from '@/db/schema';
import { asBrowser } from '@/test/action';
import { openSite } from '@/test/api';
import { MINER, numbered, PASSWORD, PLUG } from '@/test/samples';
import { hashPassword } from './auth/password';
import type { Role, Scope } from './auth/permission';
import { resetLimits } from './auth/rate-limit';
import { listSessions, revokeSession } from './auth/sessions';
import { createApiToken } from './auth/tokens';
import { saveBackupSettings } from './backup/mutations';
import { OWNER_ID } from './core/defaults';
import { createDevice } from './devices/mutations';
import { serialiseDevice } from './devices/serialise';
import { createZone } from './hvac/mutations';
import { storedZone } from './hvac/serialise';
import { createMiner, deleteMiner } from './miners/mutations';
import { storedMiner } from './miners/serialise';
import { updatePreferences } from './preferences/mutations';
import { storedPreferences } from './preferences/serialise';
import { getRetention } from './retention/queries';
import { serialiseRetention } from './retention/serialise';
import { etagOf } from './settings-versions/etag';
import { newestVersionId } from './settings-versions/queries';

const author = { ownerId: OWNER_ID, actor: 'test' };
const site = openSite();
const folder = mkdtempSync(join(tmpdir(), 'commandcenter-backups-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const miner = () => createMiner(site().db, { ...author, input: { ...MINER, name: numbered('Miner ') } });
const zone = () => createZone(site().db, { ...author, input: { zone_name: numbered('Zone ') } });
const plug = () => ({ ...PLUG, key: numbered('plug_') });
const device = (input: Parameters<typeof createDevice>[1]['input'] = plug()) =>
  createDevice(site().db, { ...author, input });
const backups = { folder, hour: 4, keep: 5 };

interface Described {
  /** What the account must be allowed to do. */
  readonly needs: Scope;
  /** What the owner may ask for. */
  readonly input: () => unknown;
  /** How it answers the owner. */
  readonly status: string;
  /** It changes nothing for the owner either. */
  readonly onlyReads?: true;
}

/** What an account must be signed in for, each by its file and name. */
const guarded: Record<string, Described> = {
  'lib/auth/credential-actions createToken': {
    needs: 'admin',
    input: () => ({ name: 'Widget', scope: 'read', expires_days: null }),
    status: 'created',
  },
  'lib/auth/credential-actions revokeToken': {
    needs: 'admin',
    input: async () => {
      const token = { ownerId: OWNER_ID, name: 'Widget', scope: 'read', expiresAt: null } as const;
      return { id: (await createApiToken(site().db, token)).id };
    },
    status: 'done',
  },
  'lib/auth/credential-actions endSession': {
    needs: 'read',
    input: async () => {
      await site().session();
      return { id: (await listSessions(site().db, OWNER_ID))[0]?.id };
    },
    status: 'done',
  },
  'lib/auth/credential-actions endOtherSessions': { needs: 'read', input: () => ({}), status: 'done' },
  'lib/auth/credential-actions changePassword': {
    needs: 'read',
    input: () => ({ current_password: PASSWORD, new_password: 'another long enough one' }),
    status: 'done',
  },
  'lib/backup/actions saveBackupChoice': { needs: 'admin', input: () => backups, status: 'done' },
  'lib/backup/actions backUpNow': {
    needs: 'admin',
    input: async () => {
      const { db, dataDirectory } = site();
      await saveBackupSettings(db, { ownerId: OWNER_ID, input: backups, dataDirectory });
      return {};
    },
    status: 'done',
  },
  'lib/devices/actions addDevice': { needs: 'admin', input: plug, status: 'created' },
  'lib/devices/actions saveDevice': {
    needs: 'admin',
    input: async () => {
      const row = await device();
      return { id: row.id, etag: etagOf(serialiseDevice(row)), patch: { name: 'Other' } };
    },
    status: 'saved',
  },
  'lib/devices/actions removeDevice': {
    needs: 'admin',
    input: async () => ({ id: (await device()).id }),
    status: 'removed',
  },
  'lib/devices/actions removeSimulatedSiteAction': {
    needs: 'admin',
    input: async () => {
      await device({
        ...plug(),
        driver: 'victron-mqtt',
        connection: { host: 'gx.test' },
        roles: ['battery'],
      });
    },
    status: 'removed',
  },
  'lib/hvac/actions saveZone': {
    needs: 'admin',
    input: async () => {
      const row = await zone();
      return { id: row.id, etag: storedZone(row).etag, patch: { temp_too_hot: 41 } };
    },
    status: 'saved',
  },
  'lib/hvac/actions addZone': {
    needs: 'admin',
    input: () => ({ zone_name: numbered('Zone ') }),
    status: 'created',
  },
  'lib/hvac/actions duplicateZone': {
    needs: 'admin',
    input: async () => ({ id: (await zone()).id }),
    status: 'created',
  },
  'lib/hvac/actions removeZone': {
    needs: 'admin',
    input: async () => ({ id: (await zone()).id }),
    status: 'removed',
  },
  'lib/miners/actions saveMiner': {
    needs: 'admin',
    input: async () => {
      const row = await miner();
      return { id: row.id, etag: storedMiner(row).etag, patch: { power_draw_watts: 2500 } };
    },
    status: 'saved',
  },
  'lib/miners/actions addMiner': {
    needs: 'admin',
    input: () => ({ name: numbered('Miner '), power_draw_watts: 3000 }),
    status: 'created',
  },
  'lib/miners/actions duplicateMiner': {
    needs: 'admin',
    input: async () => ({ id: (await miner()).id }),
    status: 'created',
  },
  'lib/miners/actions removeMiner': {
    needs: 'admin',
    input: async () => ({ id: (await miner()).id }),
    status: 'removed',
  },
  'lib/preferences/actions savePreferences': {
    needs: 'admin',
    input: async () => {
      const [row] = await site().db.select().from(schema.userPreferences);
      return { patch: { voltage_low: 46.25 }, etag: row && storedPreferences(row).etag };
    },
    status: 'saved',
  },
  'lib/retention/actions saveRetention': {
    needs: 'admin',
    input: async () => {
      const etag = etagOf(serialiseRetention(await getRetention(site().db, OWNER_ID)));
      return { patch: { raw_days: 20 }, etag };
    },
    status: 'saved',
  },
  'lib/settings-versions/actions loadVersions': {
    needs: 'admin',
    input: () => ({ entity: 'preferences' }),
    status: 'loaded',
    onlyReads: true,
  },
  'lib/settings-versions/actions restoreSettingsVersion': {
    needs: 'admin',
    input: async () => {
      const { db } = site();
      const row = await updatePreferences(db, { ...author, patch: { voltage_low: 46.75 } });
      const id = await newestVersionId(db, OWNER_ID, 'preferences', row.id);
      return { id, state: 'before', etag: storedPreferences(row).etag };
    },
    status: 'restored',
  },
  'lib/settings-versions/actions undoSettingsRemoval': {
    needs: 'admin',
    input: async () => {
      const { db } = site();
      const { id } = await miner();
      await deleteMiner(db, { ...author, id });
      return { version_id: await newestVersionId(db, OWNER_ID, 'miner', id) };
    },
    status: 'restored',
  },
};

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

/** How one comes to be signed in and out: anybody may call these, with what a stranger can know. */
const open: Record<string, readonly unknown[]> = {
  'lib/auth/actions signIn': [{}, form({ email: 'owner@example.com', password: 'not the right one' })],
  'lib/auth/actions completeFirstRun': [
    {},
    form({ code: 'not the right one', email: 'me@example.com', password: 'another long enough one' }),
  ],
  'lib/auth/actions signOut': [],
};

type Action = (...input: unknown[]) => Promise<unknown>;
const actions = new Map<string, Action>();
const actionOf = (name: string): Action => actions.get(name) ?? expect.fail(`There is no ${name}.`);

/** Every row of every table. */
async function everything(): Promise<Record<string, string[]>> {
  const tables = Object.values<unknown>(schema).filter((value): value is PgTable => is(value, PgTable));
  const contents = tables.map(async (table): Promise<[string, string[]]> => {
    const rows = await site().db.select().from(table);
    return [getTableName(table), rows.map((row) => JSON.stringify(row)).sort()];
  });
  return Object.fromEntries(await Promise.all(contents));
}

async function changesNothing<T>(attempt: () => Promise<T>): Promise<T> {
  const before = await everything();
  const result = await attempt();
  expect(await everything()).toEqual(before);
  return result;
}

const setRole = (role: Role) =>
  site().db.update(schema.users).set({ role }).where(eq(schema.users.id, OWNER_ID));

beforeAll(async () => {
  const passwordHash = await hashPassword(PASSWORD);
  await site()
    .db.update(schema.users)
    .set({ email: 'owner@example.com', passwordHash })
    .where(eq(schema.users.id, OWNER_ID));
  for (const top of ['app', 'components', 'lib']) {
    for (const entry of readdirSync(top, { recursive: true, encoding: 'utf8' })) {
      const file = `${top}/${entry.replaceAll('\\', '/')}`;
      if (!/\.tsx?$/.test(file) || !/^\s*(['"])use server\1/m.test(readFileSync(file, 'utf8'))) continue;
      const module = file.replace(/\.tsx?$/, '');
      const exported: Record<string, Action> = await import(/* @vite-ignore */ `@/${module}`);
      for (const [name, action] of Object.entries(exported)) actions.set(`${module} ${name}`, action);
    }
  }
});
beforeEach(async () => {
  resetLimits();
  await setRole('admin');
});

it('describes every server action there is', () => {
  expect([...actions.keys()].sort()).toEqual([...Object.keys(guarded), ...Object.keys(open)].sort());
});

describe.each(Object.entries(guarded))('%s', (name, { needs, input, status, onlyReads }) => {
  it('refuses strangers and whoever may not, changes nothing for them, and serves the owner', async () => {
    const action = actionOf(name);
    const sent = await input();
    const ended = await site().session();
    await revokeSession(site().db, ended);
    for (const session of [null, '', 'nonsense', 'x'.repeat(43), ended]) {
      const answer = await changesNothing(() => asBrowser(session, () => action(sent)));
      expect(answer).toMatchObject({ status: 'refused', code: 'unauthenticated' });
    }
    const session = await site().session();
    if (needs === 'admin') {
      await setRole('user');
      const answer = await changesNothing(() => asBrowser(session, () => action(sent)));
      expect(answer).toMatchObject({ status: 'refused', code: 'forbidden' });
      await setRole('admin');
    }
    const before = await everything();
    expect(await asBrowser(session, () => action(sent))).toMatchObject({ status });
    if (onlyReads) expect(await everything()).toEqual(before);
    else expect(await everything()).not.toEqual(before);
  });
});

describe.each(Object.entries(open))('%s', (name, input) => {
  it('changes nothing for who knows no password and no code', async () => {
    const attempt = () => asBrowser(null, () => actionOf(name)(...input));
    const outcome = await changesNothing(() => attempt().catch((thrown: unknown) => thrown));
    expect(outcome).toMatchObject(
      input.length === 0
        ? { digest: expect.stringContaining('NEXT_REDIRECT;replace;/sign-in') }
        : { error: expect.any(String) },
    );
  });
});
