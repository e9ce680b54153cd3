import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What keeps clock, chance and machine out of lib/core must be able to fail; imports are in import-rules.test.ts. */
const root = resolve(import.meta.dirname, '..');
const tree = mkdtempSync(join(tmpdir(), 'core-purity-'));
let refusedBy: Readonly<Record<'lint' | 'types', string>> = { lint: '', types: '' };

const guilty: readonly [expression: string, by: 'lint' | 'types' | 'both'][] = [
  ['Date.now()', 'lint'],
  ['[1].map(Date.now)', 'lint'],
  ['new Date()', 'lint'],
  ['Date()', 'lint'],
  ['new Date(5).getHours()', 'lint'],
  ["new Intl.DateTimeFormat('en').format(5)", 'lint'],
  ['Math.random()', 'lint'],
  ['[1].map(Math.random)', 'lint'],
  ['process.env.TZ', 'both'],
  ["fetch('https://example.org')", 'both'],
  ['setTimeout(() => 1, 1)', 'both'],
  ['setInterval(() => 1, 1)', 'both'],
  ['performance.now()', 'both'],
  ['crypto.randomUUID()', 'both'],
  ['setImmediate(() => 1)', 'types'],
  ['queueMicrotask(() => 1)', 'types'],
  ['globalThis.process', 'types'],
  ["require('node:fs')", 'types'],
  ['console.log(1)', 'types'],
  ['document.title', 'types'],
];
const innocent = [
  'new Date(5).toISOString()',
  "Date.parse('2026-01-01')",
  'Date.UTC(2026, 5, 15)',
  'Math.round(1.5)',
];

const fileOf = (expression: string): string =>
  `lib/core/e${[...guilty.map(([text]) => text), ...innocent].indexOf(expression)}.ts`;

/** What it says, whether or not it is content. */
async function saying(file: string, ...args: string[]): Promise<string> {
  const run = promisify(execFile)(file, args, { cwd: tree, maxBuffer: 1 << 26 });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return stdout;
}

beforeAll(async () => {
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  mkdirSync(join(tree, 'lib/core'), { recursive: true });
  for (const file of ['biome.json', '.gitignore', 'tsconfig.json', 'lib/core/tsconfig.json', 'test/lint'])
    cpSync(join(root, file), join(tree, file), { recursive: true });
  for (const expression of [...guilty.map(([text]) => text), ...innocent])
    writeFileSync(join(tree, fileOf(expression)), `export const x = ${expression};\n`);
  const modules = join(root, 'node_modules');
  const [report, types] = await Promise.all([
    saying(
      process.execPath,
      join(modules, '@biomejs/biome/bin/biome'),
      'check',
      '--reporter=json',
      '--max-diagnostics=none',
      '.',
    ),
    saying(
      process.execPath,
      join(modules, 'typescript7/bin/tsc'),
      '--noEmit',
      '--pretty',
      'false',
      '-p',
      'lib/core/tsconfig.json',
    ),
  ]);
  const { diagnostics }: { diagnostics: { location: { path: string | { file: string } } }[] } =
    JSON.parse(report);
  const lint = diagnostics.map(({ location: { path } }) => (typeof path === 'string' ? path : path.file));
  refusedBy = { lint: lint.join('\n'), types };
}, 60_000);

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test.each(guilty)('%s is refused by %s', (expression, by) => {
  for (const rule of by === 'both' ? (['lint', 'types'] as const) : [by])
    expect(refusedBy[rule]).toContain(fileOf(expression));
});

test.each(innocent)('%s passes', (expression) => {
  for (const said of Object.values(refusedBy)) expect(said).not.toContain(fileOf(expression));
});
