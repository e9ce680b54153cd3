// `npm run build`: web (Next standalone), worker, launcher and its commands. `--if-changed` skips what is built already.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { cp, mkdir, open, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildState, stampFile } from './build-state.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

const ENTRY_POINTS = {
  launcher: 'lib/launcher/main.ts',
  worker: 'lib/worker/main.ts',
  token: 'lib/launcher/token.ts',
  replay: 'lib/launcher/replay.ts',
  backup: 'lib/launcher/backup.ts',
  restore: 'lib/launcher/restore.ts',
  'exit-guard': 'lib/launcher/exit-guard.ts',
  'direct-api': 'lib/web/preload.ts',
};
const SERVER_PARTS = ['.next', 'node_modules', 'package.json', 'server.js'];
export const OUTPUTS = [
  '.next/standalone/server.js',
  '.next/standalone/.next/static',
  'dist/migrations',
  ...Object.keys(ENTRY_POINTS).map((name) => `dist/${name}.mjs`),
];

const LOCK_HEARTBEAT_MS = 2_000;
/** A build that has not touched its lock for so long was killed. */
const LOCK_STALE_MS = 20_000;

/** One build at a time in a directory; resolves to the function that frees it. */
async function takeLock(directory) {
  const path = join(directory, 'dist', 'build.lock');
  await mkdir(dirname(path), { recursive: true });
  let announced = false;
  for (;;) {
    try {
      await (await open(path, 'wx')).close();
      const heartbeat = setInterval(
        () => utimes(path, new Date(), new Date()).catch(() => {}),
        LOCK_HEARTBEAT_MS,
      );
      const interrupted = () => {
        rmSync(path, { force: true });
        process.exit(130);
      };
      for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupted);
      return async () => {
        for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted);
        clearInterval(heartbeat);
        await rm(path, { force: true });
      };
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const ageMs = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (ageMs > LOCK_STALE_MS) {
      // Of two that see it stale only one succeeds in moving it away.
      const stale = `${path}.${process.pid}`;
      await rename(path, stale).catch(() => {});
      await rm(stale, { force: true });
      continue;
    }
    if (!announced) console.log('Another build is running here; waiting for it.');
    announced = true;
    await sleep(500);
  }
}

function run(file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    });
    // Whoever stops a build stops all of it.
    const end = () => child.kill();
    process.once('exit', end);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('exit', end);
      if (code === 0) resolve();
      else reject(new Error(`${file} ended with ${signal ?? `code ${code}`}`));
    });
  });
}

async function buildWeb() {
  const standalone = join(root, '.next', 'standalone');
  await rm(standalone, { recursive: true, force: true });
  await run(join(root, 'node_modules', 'next', 'dist', 'bin', 'next'), ['build']);
  // Next copies what it believes is read at run time; nothing but these is.
  for (const name of await readdir(standalone)) {
    if (!SERVER_PARTS.includes(name)) await rm(join(standalone, name), { recursive: true, force: true });
  }
  await cp(join(root, '.next', 'static'), join(standalone, '.next', 'static'), { recursive: true });
  if (existsSync(join(root, 'public'))) {
    await cp(join(root, 'public'), join(standalone, 'public'), { recursive: true });
  }
}

/** Without this an import of ours that does not exist would pass for a package and fail only at the start. */
const ownSources = {
  name: 'own-sources',
  setup(bundling) {
    bundling.onResolve({ filter: /^@\// }, ({ path, kind }) =>
      bundling.resolve(`./${path.slice(2)}`, { kind, resolveDir: root }),
    );
  },
};

async function buildProcesses() {
  const { build: bundle } = await import('esbuild');
  await bundle({
    absWorkingDir: root,
    entryPoints: Object.entries(ENTRY_POINTS).map(([out, path]) => ({ in: path, out })),
    outdir: dist,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
    plugins: [ownSources],
  });
  const migrations = join(dist, 'migrations');
  await rm(migrations, { recursive: true, force: true });
  await cp(join(root, 'db', 'migrations'), migrations, { recursive: true });
}

async function buildAll() {
  const startedAt = performance.now();
  console.log('[1/2] worker, launcher and commands');
  await buildProcesses();
  console.log(`[2/2] pages and API (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  await buildWeb();
}

const ANNOUNCED = {
  none: 'Building CommandCenter (about half a minute, longer on a small board) …',
  changed: 'Sources changed since the last build: building CommandCenter again …',
  current: 'No source changed since the last build; building CommandCenter again all the same …',
};

/** Builds everything; with `ifChanged` only when a source differs from the last finished build. */
export async function build({ ifChanged = false, directory = root, make = buildAll } = {}) {
  const look = () => buildState(directory, OUTPUTS);
  if (ifChanged && (await look()).state === 'current') {
    console.log('CommandCenter is built; no source changed.');
    return;
  }
  const unlock = await takeLock(directory);
  try {
    const { state, sources } = await look();
    if (ifChanged && state === 'current') {
      console.log('CommandCenter was built just now.');
      return;
    }
    const startedAt = performance.now();
    console.log(ANNOUNCED[state]);
    const stamp = stampFile(directory);
    // A build that is cut off must not pass for a finished one.
    await rm(stamp, { force: true });
    await make();
    await writeFile(stamp, `${JSON.stringify({ sources, builtAt: new Date().toISOString() })}\n`);
    console.log(`Built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  } finally {
    await unlock();
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await build({ ifChanged: process.argv.includes('--if-changed') });
  } catch (error) {
    console.error(`The build failed: ${error.message}`);
    process.exit(1);
  }
}
