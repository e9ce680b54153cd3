import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The import rules must be able to fail: each line below breaks one of them in a tree of its own. */
const root = resolve(import.meta.dirname, '..');
const tree = mkdtempSync(join(tmpdir(), 'import-rules-'));
let violations = '';

const innocent: Record<string, string> = {
  'db/schema/table.ts': 'export type Row = { a: 1 };',
  'lib/core/curve.ts': 'export const c = 1;',
  'lib/drivers/b/driver.ts': 'export const b = 1;',
  'lib/miners/queries.ts': "import { c } from '@/lib/core/curve'; export const x = c;",
  'lib/worker/loop.ts': "import { x } from '@/lib/miners/queries'; export const l = x;",
  'app/ok/page.tsx': "import { x } from '@/lib/miners/queries'; export default x;",
};

const guilty: readonly [file: string, source: string, rule: string][] = [
  ['lib/core/zod.ts', "import { z } from 'zod'; export const a = z;", 'core-is-pure'],
  ['lib/core/row.ts', "import type { Row } from '@/db/schema/table'; export type A = Row;", 'core-is-pure'],
  [
    'lib/core/fs.ts',
    "import { readFileSync } from 'node:fs'; export const f = readFileSync;",
    'core-is-pure',
  ],
  ['lib/core/a.test.ts', "import { z } from 'zod'; export const a = z;", 'core-tests'],
  ['db/query.ts', "import { x } from '@/lib/miners/queries'; export const y = x;", 'db-imports-core-only'],
  ['lib/hvac/sql.ts', "import p from 'postgres'; export const x = p;", 'one-door-to-the-database'],
  ['lib/hvac/mutations.ts', "import 'server-only';", 'no-server-only-in-shared-code'],
  ['lib/hvac/tick.ts', "import { l } from '@/lib/worker/loop'; export const m = l;", 'domains-stay-below'],
  [
    'lib/hvac/switch.ts',
    "import { b } from '@/lib/drivers/b/driver'; export const m = b;",
    'only-the-worker-talks-to-hardware',
  ],
  [
    'lib/drivers/a/driver.ts',
    "import { b } from '../b/driver'; export const a = b;",
    'drivers-import-core-only',
  ],
  [
    'lib/drivers/a/rows.ts',
    "import { x } from '@/lib/miners/queries'; export const a = x;",
    'drivers-import-core-only',
  ],
  ['lib/drivers/shell.ts', "import { x } from '@/lib/miners/queries'; export const a = x;", 'driver-shell'],
  ['lib/drivers/catalog.ts', "import mqtt from 'mqtt'; export const c = mqtt;", 'catalog-has-no-io'],
  ['app/x/page.tsx', "import '@/lib/drivers/b/driver'; export default 1;", 'app-and-components'],
  [
    'app/y/page.tsx',
    "import type { Row } from '@/db/schema/table'; export default 1 as unknown as Row;",
    'app-and-components',
  ],
  [
    'components/y/card.tsx',
    "import { x } from '@/lib/miners/queries'; export const C = x;",
    'components-are-shared',
  ],
  ['components/y/page.tsx', "import P from '@/app/ok/page'; export const C = P;", 'nothing-imports-app'],
  [
    'lib/launcher/worker.ts',
    "import { l } from '@/lib/worker/loop'; export const a = l;",
    'worker-is-a-leaf',
  ],
  ['lib/hvac/check.ts', "import fc from 'fast-check'; export const a = fc;", 'no-dev-dependencies'],
  ['lib/hvac/one.ts', "import { b } from './two'; export const a = () => b;", 'no-cycles'],
  ['lib/hvac/two.ts', "import { a } from './one'; export const b = () => a;", 'no-cycles'],
  ['lib/hvac/lost.ts', "import { q } from './nothing'; export const u = q;", 'resolvable'],
];

beforeAll(async () => {
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const file of ['tsconfig.json', '.dependency-cruiser.cjs', 'package.json'])
    cpSync(join(root, file), join(tree, file));
  for (const [file, source] of [...Object.entries(innocent), ...guilty]) {
    mkdirSync(dirname(join(tree, file)), { recursive: true });
    writeFileSync(join(tree, file), source);
  }
  const cruise = promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      '--output-type',
      'json',
      'app',
      'components',
      'db',
      'lib',
    ],
    { cwd: tree, maxBuffer: 1 << 26 },
  );
  const { stdout } = await cruise.catch((error: { stdout: string }) => error);
  const summary: { violations: { from: string; rule: { name: string }; cycle?: { name: string }[] }[] } =
    JSON.parse(stdout).summary;
  violations = summary.violations
    .flatMap((found) =>
      [found.from, ...(found.cycle ?? []).map((step) => step.name)].map(
        (file) => `${file} ${found.rule.name}`,
      ),
    )
    .join('\n');
}, 60_000);

afterAll(() => rmSync(tree, { recursive: true, force: true }));

test.each(guilty)('%s is refused', (file, _source, rule) => {
  expect(violations).toContain(`${file} ${rule}`);
});

test('what follows the rules passes', () => {
  for (const file of Object.keys(innocent)) expect(violations).not.toContain(`${file} `);
});
