// `npm test`: unit, database and API tests (vitest), then browser tests (Playwright) on the built app. Installs a browser if there is none.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const playwrightCli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
// The first, a browser without windows of its own as Playwright's is, takes a quarter less time than a whole one.
const INSTALLED_BROWSERS = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const DOWNLOAD_TIMEOUT_MS = 300_000;

/** Starting it proves more than its presence: system libraries may be missing. */
function runs(browser) {
  return existsSync(browser) && spawnSync(browser, ['--version'], { timeout: 20_000 }).status === 0;
}

function attempt(file, args, env = {}) {
  console.log(`> ${[file === process.execPath ? 'node' : file, ...args].join(' ')}`);
  const result = spawnSync(file, args, {
    cwd: root,
    stdio: 'inherit',
    timeout: DOWNLOAD_TIMEOUT_MS,
    env: { ...process.env, ...env },
  });
  return result.status === 0;
}

/** A path for CHROMIUM_PATH, or null to let Playwright take its own. */
async function findBrowser() {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted) {
    if (runs(wanted)) return wanted;
    throw new Error(`CHROMIUM_PATH is ${wanted}, which does not start. Correct it or unset it.`);
  }
  const { chromium } = await import('@playwright/test');
  const own = () => runs(chromium.executablePath());
  if (own()) return null;
  const installed = INSTALLED_BROWSERS.find(runs);
  if (installed) return installed;

  console.log('The browser tests need Chromium and there is none here: downloading one.');
  attempt(process.execPath, [playwrightCli, 'install', 'chromium']);
  if (own()) return null;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium from the Debian packages.');
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    attempt('apt-get', ['update'], env);
    const install = (name) => attempt('apt-get', ['install', '-y', '--no-install-recommends', name], env);
    install('chromium-headless-shell') || install('chromium');
    const fromPackages = INSTALLED_BROWSERS.find(runs);
    if (fromPackages) return fromPackages;
  }
  throw new Error(
    'No Chromium for the browser tests, and none could be installed. Install one (Debian: sudo apt-get install chromium), ' +
      'or name one in CHROMIUM_PATH, then run npm test again.',
  );
}

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
    ...(browser ? { CHROMIUM_PATH: browser } : {}),
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
  console.log(`Browser: ${browser ?? "Playwright's own"}`);
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
