// Whether what is built is of today's sources.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SOURCE_DIRECTORIES = ['app', 'components', 'db', 'lib', 'public'];
const SOURCE_FILES = [
  'next.config.mjs',
  'package.json',
  'package-lock.json',
  // What is installed, which an update may change after the first start.
  'node_modules/.package-lock.json',
  'postcss.config.mjs',
  'scripts/build.mjs',
  'tsconfig.json',
  'instrumentation.ts',
  'proxy.ts',
];
const ONLY_TESTED = /\.(test|case)\.tsx?$/;

async function sourceFiles(directory) {
  const found = SOURCE_FILES.map((file) => join(directory, file)).filter(existsSync);
  for (const name of SOURCE_DIRECTORIES) {
    const entries = await readdir(join(directory, name), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries) if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
  }
  return found.filter((path) => !ONLY_TESTED.test(path)).sort();
}

/** Changes with every source, and with what native packages are chosen by. */
async function sourceHash(directory) {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}\n`);
  for (const path of await sourceFiles(directory)) {
    hash
      .update(`${path.slice(directory.length)}\n`)
      .update(await readFile(path))
      .update('\n');
  }
  return hash.digest('hex');
}

/** Where a finished build leaves the hash of its sources. */
export const stampFile = (directory) => join(directory, 'dist', 'build.json');

function builtHash(directory, outputs) {
  if (!outputs.every((path) => existsSync(join(directory, path)))) return null;
  try {
    return JSON.parse(readFileSync(stampFile(directory), 'utf8')).sources ?? null;
  } catch {
    return null;
  }
}

/** 'none': no build was finished, or not all `outputs` of it are there. `sources`: the hash to leave after a build. */
export async function buildState(directory, outputs) {
  const sources = await sourceHash(directory);
  const built = builtHash(directory, outputs);
  return { state: built === null ? 'none' : built === sources ? 'current' : 'changed', sources };
}
