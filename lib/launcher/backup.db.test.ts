import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '@/db/client';
import { bundle } from '@/test/bundle';
import { createTestDatabase, type TestDatabase } from '@/test/database';

let source: TestDatabase;
let target: TestDatabase;
let folder: string;
let programs: Readonly<Record<'backup' | 'restore', string>>;

beforeAll(async () => {
  programs = {
    backup: await bundle('lib/launcher/backup.ts'),
    restore: await bundle('lib/launcher/restore.ts'),
  };
  source = await createTestDatabase();
  target = await createTestDatabase({ empty: true });
  folder = mkdtempSync(join(tmpdir(), 'commandcenter-backups-'));
  const sql = openSession(source.url, { applicationName: 'test' });
  await sql`update users set email = 'me@example.com', password_hash = '$argon2id$test'`;
  await sql.end();
});
afterAll(async () => {
  await source.drop();
  await target.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** The command as npm runs it. */
function run(name: 'backup' | 'restore', args: readonly string[], url: string, data = folder) {
  const child: ChildProcess = spawn(process.execPath, [programs[name], ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: url,
      COMMANDCENTER_DATA: data,
      COMMANDCENTER_MIGRATIONS: 'db/migrations',
      INIT_CWD: folder,
    },
  });
  let out = '';
  let err = '';
  child.stdout?.on('data', (text) => (out += text));
  child.stderr?.on('data', (text) => (err += text));
  return new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out: out.trim(), err })),
  );
}

describe('npm run backup and npm run restore', () => {
  it('back up no site where there is none, and leave none behind', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'commandcenter-elsewhere-'));
    const data = join(elsewhere, '.data');
    const { code, err } = await run('backup', ['--to', '.'], '', data);
    expect(code).toBe(1);
    expect(err).toContain(`There is no site in ${data}.`);
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(elsewhere, { recursive: true });
  });

  it('bring a site to another database, and ask before they replace one', async () => {
    const backup = await run('backup', ['--to', '.'], source.url);
    expect(backup, backup.err).toMatchObject({ code: 0 });
    const [file = ''] = readdirSync(folder);
    expect(backup.out).toBe(join(folder, file));

    const restored = await run('restore', [file], target.url);
    expect(restored, restored.err).toMatchObject({ code: 0 });
    const sql = openSession(target.url, { applicationName: 'test' });
    expect(await sql`select email from users`).toEqual([{ email: 'me@example.com' }]);

    const again = await run('restore', [file], target.url);
    expect(again.code).toBe(1);
    expect(again.err).toMatch(/the site of me@example.com with 0 measured ticks.*--yes/s);

    const inUse = openSession(target.url, { applicationName: 'commandcenter-worker' });
    await inUse`select 1`;
    const busy = await run('restore', [file, '--yes'], target.url);
    expect(busy.err).toMatch(/uses this database right now \(worker\)/);
    await inUse.end({ timeout: 1 });

    expect((await run('restore', [file, '--yes'], target.url)).code).toBe(0);
    await sql.end();
  });

  it('say what is wrong in one line', async () => {
    const nowhere = await run('backup', ['--to', './none'], source.url);
    expect(nowhere).toMatchObject({ code: 1, out: '' });
    expect(nowhere.err).toMatch(/^The folder .*none cannot take a backup: it does not exist/m);
    const nothing = await run('restore', ['none.tar.gz'], target.url);
    expect(nothing.err).toMatch(/^There is no file .*none\.tar\.gz\.\n$/);
  });
});
