import { expect, test } from 'vitest';
import { homeAddress, loopbackUrl } from '@/lib/network/addresses';
import { projectDirectory, readLaunchSettings } from './settings';
import { readTokenRequest } from './token-request';
import { welcome } from './welcome';

const env = (values: Record<string, string>) => ({ NODE_ENV: 'test', ...values }) as NodeJS.ProcessEnv;

test('defaults', () => {
  expect(readLaunchSettings('/srv/cc', env({}))).toEqual({
    host: '127.0.0.1',
    port: 3000,
    dataDir: '/srv/cc/.data',
    databaseUrl: null,
  });
});

test('what the environment says counts, an empty value does not', () => {
  expect(
    readLaunchSettings(
      '/srv/cc',
      env({ PORT: '8080', HOST: '0.0.0.0', COMMANDCENTER_DATA: '/data', DATABASE_URL: 'postgres://h/d' }),
    ),
  ).toEqual({ host: '0.0.0.0', port: 8080, dataDir: '/data', databaseUrl: 'postgres://h/d' });
  expect(readLaunchSettings('/srv/cc', env({ PORT: '', DATABASE_URL: '' }))).toMatchObject({
    port: 3000,
    databaseUrl: null,
  });
});

test.each(['0', '65536', 'abc', '80.5', '-1'])('PORT=%s is refused by name, value and limit', (port) => {
  expect(() => readLaunchSettings('/srv/cc', env({ PORT: port }))).toThrow(
    `PORT is "${port}"; it must be a whole number from 1 to 65535.`,
  );
});

test('a DATABASE_URL of another kind is refused without repeating it: it may hold a password', () => {
  const secret = 'mysql://root:hunter2@h/d';
  expect(() => readLaunchSettings('/srv/cc', env({ DATABASE_URL: secret }))).toThrow(
    /^(?!.*hunter2).*DATABASE_URL/,
  );
});

test('the project is found from source and from dist', () => {
  expect(projectDirectory()).toBe(process.cwd());
  expect(projectDirectory(`${process.cwd()}/db/schema`)).toBe(process.cwd());
});

test('a token request', () => {
  expect(readTokenRequest(['--name', 'phone', '--scope', 'read'])).toEqual({
    name: 'phone',
    scope: 'read',
    expiresDays: null,
  });
  expect(readTokenRequest(['--name', 'x', '--scope', 'admin', '--expires', '30']).expiresDays).toBe(30);
  expect(() => readTokenRequest(['--scope', 'read'])).toThrow(/--name is missing/);
  expect(() => readTokenRequest(['--name', 'x', '--scope', 'root'])).toThrow(
    /--scope is "root".*read, control, admin/,
  );
  for (const days of ['soon', '', '0', '0.5', '36501']) {
    expect(() => readTokenRequest(['--name', 'x', '--scope', 'read', '--expires', days])).toThrow(
      `--expires is "${days}"; it must be a whole number of days from 1 to 36500.`,
    );
  }
  // As on the page.
  expect(() => readTokenRequest(['--name', 'x'.repeat(61), '--scope', 'read'])).toThrow(
    /at most 60 characters/,
  );
  expect(() => readTokenRequest(['--nmae', 'x'])).toThrow(/--nmae/);
});

test('addresses', () => {
  expect(loopbackUrl('0.0.0.0', 1)).toBe('http://127.0.0.1:1');
  expect(loopbackUrl('::', 1)).toBe('http://[::1]:1');
  expect(loopbackUrl('fe80::1', 1)).toBe('http://[fe80::1]:1');
  expect(loopbackUrl('192.168.1.5', 1)).toBe('http://192.168.1.5:1');
});

const ipv4 = (address: string, internal = false) => ({
  address,
  internal,
  family: 'IPv4' as const,
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:00',
  cidr: `${address}/24`,
});

test('the address in the home network is that of a physical interface', () => {
  expect(
    homeAddress({
      lo: [ipv4('127.0.0.1', true)],
      docker0: [ipv4('172.17.0.1')],
      eth0: [ipv4('192.168.1.20')],
    }),
  ).toBe('192.168.1.20');
  expect(homeAddress({ lo: [ipv4('127.0.0.1', true)] })).toBeNull();
});

test('the welcome shows the first-run link, and a QR code only beyond this machine', async () => {
  const local = await welcome({ host: '127.0.0.1', port: 3000, firstRunCode: 'abc' });
  expect(local).toContain('Open http://127.0.0.1:3000/setup?code=abc');
  expect(local).not.toContain('▄');
  const home = await welcome({ host: '192.168.1.20', port: 3000, firstRunCode: null });
  expect(home).toContain('Open http://192.168.1.20:3000\n');
  expect(home).toContain('▄');
  expect(home).not.toContain('setup');
});
