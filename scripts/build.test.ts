import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { build, OUTPUTS } from './build.mjs';

let directory: string;
let said: string[];
let made: number;

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
};
const remove = (path: string) => rmSync(join(directory, path), { recursive: true });
const make = async () => {
  made += 1;
  for (const path of OUTPUTS) write(path, `built ${made}`);
};
const again = (options: Parameters<typeof build>[0] = {}) =>
  build({ ifChanged: true, directory, make, ...options });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'commandcenter-build-'));
  said = [];
  made = 0;
  vi.spyOn(console, 'log').mockImplementation((text: string) => void said.push(text));
  write('app/page.tsx', 'page');
  write('lib/worker/main.ts', 'worker');
  write('public/icon.svg', 'icon');
  write('package.json', '{}');
  write('package-lock.json', '{}');
  write('next.config.mjs', 'export default {}');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

describe('npm start', () => {
  it('builds where nothing was built, and not again while no source changes', async () => {
    await again();
    expect(said).toEqual([
      expect.stringMatching(/^Building CommandCenter /),
      expect.stringMatching(/^Built in /),
    ]);
    said.length = 0;
    await again();
    expect(said).toEqual(['CommandCenter is built; no source changed.']);
    expect(made).toBe(1);
  });

  it.each<[string, () => void]>([
    ['a changed source', () => write('app/page.tsx', 'other')],
    ['one deep in a directory', () => write('lib/worker/main.ts', 'other')],
    ['an added file', () => write('components/ui/new.tsx', '')],
    ['a removed file', () => remove('lib/worker/main.ts')],
    ['a moved file', () => renameSync(join(directory, 'app/page.tsx'), join(directory, 'app/other.tsx'))],
    ['a changed picture', () => write('public/icon.svg', 'other')],
    ['other packages', () => write('package-lock.json', '{"lockfileVersion": 3}')],
    ['another package.json', () => write('package.json', '{"type": "module"}')],
    ['another configuration', () => write('next.config.mjs', 'export default { output: "standalone" }')],
    ['a new configuration', () => write('postcss.config.mjs', '')],
    ['another way to build', () => write('scripts/build.mjs', '')],
  ])('says that sources changed and builds again after %s, once', async (_, change) => {
    await again();
    said.length = 0;
    change();
    await again();
    expect(said[0]).toBe('Sources changed since the last build: building CommandCenter again …');
    await again();
    expect(made).toBe(2);
  });

  it('does nothing after what no build reads', async () => {
    await again();
    write('lib/worker/main.test.ts', '');
    write('lib/worker/site.case.ts', '');
    write('docs/install.md', '');
    write('.data/pg/PG_VERSION', '18');
    utimesSync(join(directory, 'app/page.tsx'), 1, 1);
    await again();
    expect(made).toBe(1);
  });

  it.each([...OUTPUTS, 'dist/build.json'])('builds again where %s is gone', async (path) => {
    await again();
    remove(path);
    await again();
    expect(made).toBe(2);
  });

  it('builds again after a build that failed, was killed, or read a source before it changed', async () => {
    await again();
    write('app/page.tsx', 'broken');
    const fail = async () => {
      await make();
      throw new Error('it does not compile');
    };
    await expect(again({ make: fail })).rejects.toThrow('it does not compile');
    expect(existsSync(join(directory, 'dist/build.lock'))).toBe(false);
    // A killed build leaves its lock.
    write('dist/build.lock', '');
    utimesSync(join(directory, 'dist/build.lock'), 1, 1);
    const edited = async () => {
      await make();
      write('app/page.tsx', 'better');
    };
    await again({ make: edited });
    await again();
    expect(made).toBe(4);
    await again();
    expect(made).toBe(4);
  });

  it('waits for a build that runs, and takes it', async () => {
    let finish = () => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const first = again({ make: () => finished.then(make) });
    const builds = [first];
    try {
      await expect.poll(() => said, { timeout: 30_000 }).toContainEqual(expect.stringMatching(/^Building/));
      builds.push(again());
      await expect
        .poll(() => said, { timeout: 30_000 })
        .toContain('Another build is running here; waiting for it.');
    } finally {
      finish();
    }
    await Promise.all(builds);
    expect(said.at(-1)).toBe('CommandCenter was built just now.');
    expect(made).toBe(1);
  });
});

it('npm run build builds in any case, and does not say that sources changed when none did', async () => {
  await again();
  said.length = 0;
  await again({ ifChanged: false });
  expect(made).toBe(2);
  expect(said[0]).toMatch(/^No source changed/);
});
