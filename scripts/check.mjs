// `npm run check`: format, lint, types, core types, import rules and dead code, in seconds, without a database.
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

const tsc = ['node', 'node_modules/typescript7/bin/tsc'];
const bin = (name) => `node_modules/.bin/${name}`;
// dependency-cruiser passes when it parses nothing; fewer modules than this means that its parser is off.
const LEAST_MODULES = 40;

const checks = {
  format: [bin('biome'), 'check', '--error-on-warnings', '.'],
  promises: [
    bin('oxlint'),
    '--type-aware',
    '--deny-warnings',
    '-A',
    'all',
    '-D',
    'typescript/no-floating-promises',
    '-D',
    'typescript/no-misused-promises',
    '-D',
    'typescript/await-thenable',
    'lib',
    'db',
    'app',
    'components',
    'bench',
    'test',
    'e2e',
  ],
  types: [...tsc, '--noEmit', '-p', 'tsconfig.json'],
  'core types': [...tsc, '--noEmit', '-p', 'lib/core/tsconfig.json'],
  imports: [bin('depcruise'), '--output-type', 'err-long', 'app', 'components', 'db', 'lib'],
  'dead code': [bin('knip')],
};

function run(command, { quiet = false } = {}) {
  return new Promise((resolve) => {
    const [file, ...args] = command;
    const child = spawn(file, args, { env: { ...process.env, FORCE_COLOR: quiet ? '0' : '1' } });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code, output }));
  });
}

const typegen = await run(['node', 'node_modules/next/dist/bin/next', 'typegen']);
if (typegen.code !== 0) {
  console.error(typegen.output);
  process.exit(1);
}

const results = await Promise.all(
  Object.entries(checks).map(async ([name, command]) => {
    const startedAt = performance.now();
    const result = await run(command);
    const plain = stripVTControlCharacters(result.output);
    const cruised = name === 'imports' && result.code === 0 && /\((\d+) modules/.exec(plain);
    if (name === 'imports' && result.code === 0 && Number(cruised?.[1] ?? 0) < LEAST_MODULES) {
      return { name, code: 1, output: `dependency-cruiser saw too few modules:\n${plain}`, startedAt };
    }
    return { name, ...result, seconds: (performance.now() - startedAt) / 1000 };
  }),
);

let failed = 0;
for (const { name, code, output, seconds } of results) {
  console.log(
    `${code === 0 ? 'ok  ' : 'FAIL'} ${name}${seconds === undefined ? '' : ` (${seconds.toFixed(1)} s)`}`,
  );
  if (code !== 0) {
    failed += 1;
    console.log(output);
  }
}
process.exit(failed === 0 ? 0 : 1);
