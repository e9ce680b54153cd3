import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, vi } from 'vitest';
import { type Connection, connect, getDatabase } from '@/db/client';
import { users } from '@/db/schema';
import type { Scope } from '@/lib/auth/permission';
import { createSession } from '@/lib/auth/sessions';
import { createApiToken } from '@/lib/auth/tokens';
import { OWNER_ID } from '@/lib/core/defaults';
import { log } from '@/lib/log';
import { createTestDatabase } from './database';

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string | string[] | undefined>> },
) => Promise<Response>;
type RouteModule = Record<string, Handler>;

interface CallOptions {
  readonly token?: string | null;
  readonly cookie?: string;
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly query?: string;
}

/** Every route file there is, by its folder: "app/api/miners". */
export async function routeModules(): Promise<ReadonlyMap<string, object>> {
  const folders = readdirSync('app', { recursive: true, encoding: 'utf8' })
    .map((file) => `app/${file.replaceAll('\\', '/')}`)
    .flatMap((file) => (file.endsWith('/route.ts') ? [file.replace('/route.ts', '')] : []));
  const load = async (folder: string): Promise<[string, object]> => [
    folder,
    await import(/* @vite-ignore */ `@/${folder}/route`),
  ];
  return new Map(await Promise.all(folders.sort().map(load)));
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into answers of many shapes, and a wrong guess fails the test.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly body: any;
}

/** Calls a route file's handler as Next would. */
export async function call(module: object, method: string, options: CallOptions = {}): Promise<Answer> {
  const handler = (module as RouteModule)[method];
  if (!handler) throw new Error(`The route exports no ${method}.`);
  const headers = new Headers({ host: 'site.test' });
  if (options.token) headers.set('authorization', `Bearer ${options.token}`);
  if (options.cookie) headers.set('cookie', `theme=dark; cc_session=${options.cookie}`);
  const body = method === 'GET' || method === 'HEAD' ? undefined : options.body;
  if (body !== undefined) headers.set('content-type', 'application/json');
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    if (value === '') headers.delete(name);
    else headers.set(name, value);
  }
  const raw = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  const request = new Request(`http://site.test/api${options.query ?? ''}`, {
    method,
    headers,
    body: raw ? (body as BodyInit | undefined) : JSON.stringify(body),
  });
  const response = await handler(request, { params: Promise.resolve(options.params ?? {}) });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: isJson && text !== '' ? JSON.parse(text) : null,
  };
}

export interface Site {
  /** The pool that the handlers use. */
  readonly db: Connection['db'];
  readonly url: string;
  readonly dataDirectory: string;
  token(scope: Scope, options?: { ownerId?: string; expiresAt?: Date | null }): Promise<string>;
  session(userId?: string): Promise<string>;
  /** Another account with no site of its own. */
  otherOwner(role?: 'admin' | 'user'): Promise<string>;
  /** Runs the work on a connection of its own, opened for it. */
  fresh<T>(work: (db: Connection['db']) => Promise<T>): Promise<T>;
}

/** A migrated, seeded database of the calling file's own behind `getDatabase()`, and ways to be somebody. */
export function openSite(): () => Site {
  let site: Site | undefined;
  let drop = async () => {};

  beforeAll(async () => {
    log.level = 'silent';
    const database = await createTestDatabase();
    const dataDirectory = mkdtempSync(join(tmpdir(), 'commandcenter-api-'));
    vi.stubEnv('DATABASE_URL', database.url);
    vi.stubEnv('COMMANDCENTER_DATA', dataDirectory);
    const connection = getDatabase();
    const { db } = connection;
    let others = 0;
    drop = async () => {
      await connection.end();
      await database.drop();
      rmSync(dataDirectory, { recursive: true, force: true });
    };
    site = {
      db,
      url: database.url,
      dataDirectory,
      token: async (scope, { ownerId = OWNER_ID, expiresAt = null } = {}) =>
        (await createApiToken(db, { ownerId, name: `${scope} test`, scope, expiresAt })).token,
      session: (userId = OWNER_ID) => createSession(db, userId, 'vitest'),
      otherOwner: async (role = 'admin') => {
        others += 1;
        const [row] = await db
          .insert(users)
          .values({ email: `other${others}@example.com`, role })
          .returning({ id: users.id });
        if (!row) throw new Error('no row');
        return row.id;
      },
      fresh: async (work) => {
        const own = connect(database.url, { max: 1, applicationName: 'test-fresh' });
        try {
          return await work(own.db);
        } finally {
          await own.end();
        }
      },
    };
  });

  afterAll(async () => {
    await drop();
    vi.unstubAllEnvs();
    delete (globalThis as { commandCenterDatabase?: unknown }).commandCenterDatabase;
  });

  return () => {
    if (!site) throw new Error('openSite() is ready in tests and hooks only.');
    return site;
  };
}

/** The whole content of the settings tables, for "a rejected write changes nothing". */
export async function settingsSnapshot(db: Connection['db']): Promise<string> {
  const [row] = await db.execute<{ all: string }>(sql`
    select jsonb_build_object(
      'preferences', (select jsonb_agg(t order by t.id) from user_preferences t),
      'miners', (select jsonb_agg(t order by t.id) from miner_profiles t),
      'zones', (select jsonb_agg(t order by t.id) from hvac_zones t),
      'devices', (select jsonb_agg(t order by t.id) from devices t),
      'overrides', (select jsonb_agg(t order by t.id) from overrides t),
      'versions', (select count(*) from settings_versions),
      'mode', (select jsonb_agg(jsonb_build_array(t.user_id, t.control_mode, t.mode_since, t.mode_by)) from control_state t)
    )::text as all`);
  return row?.all ?? '';
}
