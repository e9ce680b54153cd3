import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moveToMidday } from './midday';

const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 20_000;
/** Faster than in a house, so that a journey need not wait. */
const JOURNEY_TICK_SECONDS = 1;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject()));
    });
  });
}

/** Resolves to the link that the launcher prints when the page is live; rejects with its output when it ends before. */
function printedLink(launcher: ChildProcess): Promise<URL> {
  return new Promise((resolve, reject) => {
    let output = '';
    const give = (text: Buffer) => {
      output += text.toString();
      const link = /Open (http:\S+)/.exec(output)?.[1];
      if (link) resolve(new URL(link));
    };
    launcher.stdout?.on('data', give);
    launcher.stderr?.on('data', give);
    launcher.once('exit', (code) => reject(new Error(`The launcher ended with ${code}:\n${output}`)));
    setTimeout(
      () => reject(new Error(`No link within ${START_LIMIT_MS} ms:\n${output}`)),
      START_LIMIT_MS,
    ).unref();
  });
}

function ended(launcher: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (launcher.exitCode !== null || launcher.signalCode !== null) resolve();
    else launcher.once('exit', () => resolve());
  });
}

/** For Playwright. */
export default function startJourneys(): Promise<() => Promise<void>> {
  return startSite({ tickSeconds: JOURNEY_TICK_SECONDS });
}

interface SiteOptions {
  readonly tickSeconds: number;
}

/** Starts CommandCenter as an owner does, on an empty data directory; its address is left in the environment. */
export async function startSite({ tickSeconds }: SiteOptions): Promise<() => Promise<void>> {
  const data = mkdtempSync(join(tmpdir(), 'commandcenter-e2e-'));
  if (process.env.SCREENSHOT) await moveToMidday(data);
  const { DATABASE_URL: _ours, ...environment } = process.env;
  const launcher = spawn(process.execPath, ['scripts/start.mjs'], {
    env: {
      ...environment,
      HOST: '127.0.0.1',
      PORT: String(await freePort()),
      COMMANDCENTER_DATA: data,
      COMMANDCENTER_TICK_SECONDS: String(tickSeconds),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = async () => {
    launcher.kill('SIGTERM');
    const forced = setTimeout(() => launcher.kill('SIGKILL'), STOP_LIMIT_MS);
    await ended(launcher);
    clearTimeout(forced);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const link = await printedLink(launcher);
    process.env.E2E_FIRST_RUN_LINK = link.href;
    process.env.E2E_BASE_URL = link.origin;
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
