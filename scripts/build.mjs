// `npm run build`: web (Next standalone), worker, launcher and its commands. `--if-changed` skips what is built already.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { cp, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const stampFile = join(dist, 'build.json');

const SOURCE_DIRECTORIES = ['app', 'components', 'db', 'lib', 'public'];
const SOURCE_FILES = [
  'next.config.mjs',
  'package-lock.json',
  'postcss.config.mjs',
  'scripts/build.mjs',
  'tsconfig.json',
  'instrumentation.ts',
  'proxy.ts',
];
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
const OUTPUTS = [
  '.next/standalone/server.js',
  '.next/standalone/.next/static',
  'dist/migrations',
  ...Object.keys(ENTRY_POINTS).map((name) => `dist/${name}.mjs`),
];

async function sourceFiles() {
  const found = [];
  for (const directory of SOURCE_DIRECTORIES) {
    const entries = await readdir(join(root, directory), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries) {
      if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
    }
  }
  for (const file of SOURCE_FILES) if (existsSync(join(root, file))) found.push(join(root, file));
  return found.filter((path) => !/\.test\.tsx?$/.test(path)).sort();
}

/** Changes with every source, and with what native packages are chosen by. */
async function sourceHash() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
  for (const path of await sourceFiles()) {
    hash
      .update(`${path.slice(root.length)}\n`)
      .update(await readFile(path))
      .update('\n');
  }
  return hash.digest('hex');
}

function builtHash() {
  if (!OUTPUTS.every((path) => existsSync(join(root, path)))) return null;
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8')).sources ?? null;
  } catch {
    return null;
  }
}

const LOCK_HEARTBEAT_MS = 2_000;
/** A build that has not touched its lock for so long was killed. */
const LOCK_STALE_MS = 20_000;

/** One build at a time in this directory; resolves to the function that frees it. */
async function takeLock() {
  const path = join(dist, 'build.lock');
  await mkdir(dist, { recursive: true });
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

/** Builds everything; with `ifChanged` only when a source differs from the last finished build. */
export async function build({ ifChanged = false } = {}) {
  if (ifChanged && builtHash() === (await sourceHash())) {
    console.log('CommandCenter is built; no source changed.');
    return;
  }
  const unlock = await takeLock();
  try {
    const sources = await sourceHash();
    const before = builtHash();
    if (ifChanged && before === sources) {
      console.log('CommandCenter was built just now.');
      return;
    }
    const startedAt = performance.now();
    const seconds = () => ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(
      before === null
        ? 'Building CommandCenter (about half a minute, longer on a small board) …'
        : 'Sources changed since the last build: building CommandCenter again …',
    );
    // A build that is cut off must not pass for a finished one.
    await rm(stampFile, { force: true });
    console.log('[1/2] worker, launcher and commands');
    await buildProcesses();
    console.log(`[2/2] pages and API (${seconds()} s)`);
    await buildWeb();
    await writeFile(stampFile, `${JSON.stringify({ sources, builtAt: new Date().toISOString() })}\n`);
    console.log(`Built in ${seconds()} s.`);
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
