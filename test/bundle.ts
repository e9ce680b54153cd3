import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/**
 * The program of a source file, named from the project's directory, as one file that Node runs as it is: what a test
 * starts again and again is compiled once.
 */
export async function bundle(source: string): Promise<string> {
  // Below the project's packages, which stay outside as in the build.
  const outfile = join(
    root,
    'node_modules/.cache/commandcenter-test',
    source.replaceAll('/', '-').replace(/ts$/, 'mjs'),
  );
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    alias: { '@': root },
    logLevel: 'error',
  });
  return outfile;
}
