import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

function service(command: string, env: Record<string, string> = {}) {
  return spawnSync(process.execPath, ['scripts/service.mjs', command], {
    encoding: 'utf8',
    env: { NODE_ENV: 'test', PATH: process.env.PATH, ...env },
  });
}
const launcher = join(process.cwd(), 'scripts', 'start.mjs');

test('the unit file never gives up, stops the launcher first, and passes on what the terminal has set', () => {
  const { status, stdout } = service('print', {
    PORT: '3100',
    HOST: '0.0.0.0',
    DATABASE_URL: 'postgres://me:p%40"\\x@db/cc',
    NODE_OPTIONS: '--no-warnings',
  });
  expect(status).toBe(0);
  const lines = stdout.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      `ExecStart="${process.execPath}" "${launcher}"`,
      'Restart=always',
      'StartLimitIntervalSec=0',
      'KillMode=mixed',
      'Environment="PORT=3100"',
      'Environment="HOST=0.0.0.0"',
      // A per cent sign, a quote and a backslash mean themselves.
      'Environment="DATABASE_URL=postgres://me:p%%40\\"\\\\x@db/cc"',
    ]),
  );
  expect(stdout).not.toContain('NODE_OPTIONS');
});

test.skipIf(existsSync('/run/systemd/system'))('without systemd it says what to let run instead', () => {
  for (const command of ['install', 'remove', 'status']) {
    const { status, stderr } = service(command);
    expect(status).toBe(1);
    if (process.platform === 'linux') expect(stderr).toContain(`${process.execPath} ${launcher}`);
  }
});

test('another word names the ones there are', () => {
  const { status, stderr } = service('stop');
  expect(status).toBe(1);
  expect(stderr).toContain('install|remove|status|print');
});
