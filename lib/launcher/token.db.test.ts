import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as devices from '@/app/api/devices/route';
import * as miners from '@/app/api/miners/route';
import * as mode from '@/app/api/mode/route';
import { apiTokens } from '@/db/schema';
import { call, openSite } from '@/test/api';
import { bundle } from '@/test/bundle';
import { createTestDatabase } from '@/test/database';

const site = openSite();
/** A project with our scripts and the command as it is now, whatever was built when. */
let project: string;
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'commandcenter-token-'));
  copyFileSync('package.json', join(project, 'package.json'));
  mkdirSync(join(project, 'dist'));
  symlinkSync(await bundle('lib/launcher/token.ts'), join(project, 'dist/token.mjs'));
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

const NPM = ['npm', 'run', '--silent', 'token', '--'];
/** What that runs: npm itself takes longer than all the rest. */
const NODE = [process.execPath, 'dist/token.mjs'];

/** The command with these arguments; exactly what it wrote where. */
function token(args: readonly string[], env: Record<string, string> = {}, [program = '', ...fixed] = NPM) {
  const child = spawn(program, [...fixed, ...args], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: site().url,
      COMMANDCENTER_DATA: join(project, 'data'),
      COMMANDCENTER_MIGRATIONS: join(process.cwd(), 'db/migrations'),
      ...env,
    },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out, err })),
  );
}
const TOKEN_AND_NEWLINE = /^cc_[A-Za-z0-9_-]{43}\n$/;

describe('npm run --silent token', () => {
  it.each([
    ['read', { read: 200, control: 403, admin: 403 }],
    ['control', { read: 200, control: 200, admin: 403 }],
    ['admin', { read: 200, control: 200, admin: 200 }],
  ])('prints a token that may %s and no more', async (scope, answers) => {
    const { code, out, err } = await token(['--name', `my ${scope}`, '--scope', scope]);
    expect(code, err).toBe(0);
    expect(out).toMatch(TOKEN_AND_NEWLINE);
    expect(err).toBe('Database: the one in DATABASE_URL\n');
    const bearer = { token: out.trim() };
    expect({
      read: (await call(miners, 'GET', bearer)).status,
      control: (await call(mode, 'PUT', { ...bearer, body: { control_mode: 'advisory' } })).status,
      admin: (await call(devices, 'GET', bearer)).status,
    }).toEqual(answers);
  });

  it('gives it an end when asked to', async () => {
    const { out } = await token(['--name', 'guest', '--scope', 'read', '--expires', '2']);
    const of = () => site().db.select().from(apiTokens).where(eq(apiTokens.name, 'guest'));
    const [row] = await of();
    expect((row?.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(1.9 * 86_400_000);
    expect((row?.expiresAt?.getTime() ?? 0) - Date.now()).toBeLessThan(2.1 * 86_400_000);
    await site().db.update(apiTokens).set({ expiresAt: new Date() }).where(eq(apiTokens.name, 'guest'));
    expect((await call(miners, 'GET', { token: out.trim() })).status).toBe(401);
  });

  it('prints it alone where it makes the site first', async () => {
    const empty = await createTestDatabase({ empty: true });
    try {
      const own = await token(['--name', 'x', '--scope', 'read'], { DATABASE_URL: empty.url });
      expect(own.out, own.err).toMatch(TOKEN_AND_NEWLINE);
      expect(own.err).toMatch(/^migrated \(/m);
    } finally {
      await empty.drop();
    }
    const data = mkdtempSync(join(tmpdir(), 'commandcenter-token-'));
    try {
      const embedded = await token(['--name', 'x', '--scope', 'read'], {
        DATABASE_URL: '',
        COMMANDCENTER_DATA: data,
      });
      expect(embedded.out, embedded.err).toMatch(TOKEN_AND_NEWLINE);
      expect(embedded.err).toContain(`Data: ${data} (there was no site: a new one is made)`);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });

  it.each([
    ['no name', ['--scope', 'read'], /^--name is missing: what is the token for\?$/m],
    ['another scope', ['--name', 'x', '--scope', 'root'], /^--scope is "root"; it must be one of/m],
    [
      'half a day',
      ['--name', 'x', '--scope', 'read', '--expires', '0.5'],
      /^--expires is "0\.5"; it must be/m,
    ],
    ['an unknown option', ['--nmae', 'x', '--scope', 'read'], /Unknown option '--nmae'/],
    ['a word too many', ['phone', '--name', 'x', '--scope', 'read'], /Unexpected argument 'phone'/],
  ])('refuses %s in plain words, before it looks for a site', async (_, args, text) => {
    const { code, out, err } = await token(args, { DATABASE_URL: '' }, NODE);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(text);
    expect(err.trimEnd().split('\n').at(-1)).toBe(
      'npm run --silent token -- --name NAME --scope read|control|admin [--expires DAYS]',
    );
    expect(err).not.toMatch(/^ +at /m);
    expect(existsSync(join(project, 'data'))).toBe(false);
  });

  it.each<[string, (url: URL) => void, RegExp]>([
    [
      'of another kind',
      (url) => (url.href = 'mysql://me:hunter2@h/d'),
      /DATABASE_URL must begin with postgres:\/\//,
    ],
    [
      'with a wrong password',
      (url) => (url.password = 'hunter2'),
      /refuses: password authentication failed.* \(28P01\)\. Check/,
    ],
    [
      'that is not there',
      (url) => (url.pathname = '/none'),
      /refuses: database "none" does not exist \(3D000\)\. Check/,
    ],
  ])(
    'says what is wrong with a DATABASE_URL %s in one line, without repeating it',
    async (_, spoil, text) => {
      const url = new URL(site().url);
      spoil(url);
      const { code, out, err } = await token(
        ['--name', 'x', '--scope', 'read'],
        { DATABASE_URL: url.href },
        NODE,
      );
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toMatch(text);
      expect(err).not.toMatch(/^ +at |hunter2/m);
    },
  );
});
