// `npm test`: unit, database and API tests (vitest), then browser tests (Playwright) on the built app. Installs a browser if there is none.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBrowser } from './browser.mjs';
import { build } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const playwrightCli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');

/** Runs a test program in the foreground; resolves to its exit code. */
function run(args, env) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    child.on('error', () => resolve(1));
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** A program that fails without a failed test (a file that does not load, a report that is missing) counts as one. */
function counted(code, totals) {
  return code !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals;
}

async function runVitest(reports) {
  const file = join(reports, 'vitest.json');
  const code = await run([
    join(root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  const report = readReport(file);
  return counted(code, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  });
}

async function runPlaywright(reports, browser) {
  const file = join(reports, 'playwright.json');
  const code = await run([playwrightCli, 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    CHROMIUM_PATH: browser,
  });
  const stats = readReport(file)?.stats;
  return counted(code, {
    // A test that passed at the second try passed; the list above names it flaky.
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: stats?.unexpected ?? 0,
    skipped: stats?.skipped ?? 0,
  });
}

const startedAt = performance.now();
const reports = mkdtempSync(join(tmpdir(), 'commandcenter-reports-'));
try {
  const browser = await findBrowser();
  console.log(`Browser: ${browser}`);
  await build({ ifChanged: true });
  const unit = await runVitest(reports);
  const browserTests = await runPlaywright(reports, browser);

  const show = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;
  console.log(`\nUnit, database, API: ${show(unit)}`);
  console.log(`Browser: ${show(browserTests)}`);
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  const sum = (name) => unit[name] + browserTests[name];
  console.log(show({ passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') }));
  process.exitCode = sum('failed') === 0 ? 0 : 1;
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}
