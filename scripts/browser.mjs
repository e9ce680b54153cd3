// A Chromium for the browser tests and the benchmarks that need one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

/**
 * The path of a Chromium that starts: the one named in CHROMIUM_PATH, Playwright's own, an installed one, else one that
 * is downloaded or installed now, which it says.
 */
export async function findBrowser() {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted) {
    if (runs(wanted)) return wanted;
    throw new Error(`CHROMIUM_PATH is ${wanted}, which does not start. Correct it or unset it.`);
  }
  const { chromium } = await import('@playwright/test');
  const own = () => runs(chromium.executablePath());
  if (own()) return chromium.executablePath();
  const installed = INSTALLED_BROWSERS.find(runs);
  if (installed) return installed;

  console.log('There is no Chromium here: downloading one.');
  attempt(process.execPath, [playwrightCli, 'install', 'chromium']);
  if (own()) return chromium.executablePath();
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
    'There is no Chromium, and none could be installed. Install one (Debian: sudo apt-get install chromium), ' +
      'or name one in CHROMIUM_PATH, then try again.',
  );
}
