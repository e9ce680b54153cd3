import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { pauseMs, type SupervisedChild, supervise } from './child';
import { isAlive } from './process-state';

const directory = mkdtempSync(join(tmpdir(), 'commandcenter-child-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const started: SupervisedChild[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => child.stop(true)));
});

function untilMessage(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('message', () => resolve()));
}

function superviseScript(name: string, script: string, readyPatienceMs = 10_000) {
  const file = join(directory, `${name}.mjs`);
  writeFileSync(file, script);
  const lines: string[] = [];
  const events: string[] = [];
  const child = supervise({
    name,
    file,
    env: () => ({ ...process.env }),
    waitReady: untilMessage,
    readyPatienceMs,
    onLine: (text) => lines.push(text),
    onEvent: (text) => events.push(text),
  });
  started.push(child);
  return { child, lines, events };
}

const READY = "process.send({ type: 'ready' }); setInterval(() => {}, 1000);";

test('the pause doubles up to half a minute', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 50].map(pauseMs)).toEqual([
    500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
  ]);
});

test('what it prints arrives line by line, and it stops when told', async () => {
  const { child, lines } = superviseScript(
    'lines',
    `console.log('one\\ntwo'); console.error('three'); ${READY}`,
  );
  await child.start();
  await expect.poll(() => [...lines].sort()).toEqual(['one', 'three', 'two']);
  const pid = child.pid() ?? 0;
  await child.stop();
  expect(isAlive(pid)).toBe(false);
});

test('killed, it comes back; stopped, it does not', async () => {
  const { child, events } = superviseScript('killed', READY);
  await child.start();
  const first = child.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await expect.poll(() => events).toEqual(['ended (signal SIGKILL), starts again in 0.5 s']);
  await expect.poll(() => child.pid(), { timeout: 5_000 }).not.toBeNull();
  expect(child.pid()).not.toBe(first);
  await child.stop();
  expect(child.pid()).toBeNull();
});

test('one that never gets ready is killed and tried again', async () => {
  const { child, events } = superviseScript('never', 'setInterval(() => {}, 1000);', 300);
  void child.start();
  await expect
    .poll(() => events.slice(0, 2), { timeout: 5_000 })
    .toEqual(['not ready after 0.3 s, killed', 'ended (signal SIGKILL), starts again in 0.5 s']);
});

test('a wished restart has no pause and takes the new environment', async () => {
  let round = 0;
  const file = join(directory, 'environment.mjs');
  writeFileSync(file, `console.log('round ' + process.env.ROUND); ${READY}`);
  const lines: string[] = [];
  const events: string[] = [];
  const child = supervise({
    name: 'environment',
    file,
    env: () => {
      round += 1;
      return { ...process.env, ROUND: String(round) };
    },
    waitReady: untilMessage,
    readyPatienceMs: 10_000,
    onLine: (text) => lines.push(text),
    onEvent: (text) => events.push(text),
  });
  started.push(child);
  await child.start();
  child.restart();
  await expect.poll(() => lines, { timeout: 5_000 }).toEqual(['round 1', 'round 2']);
  expect(events).toEqual(['starts again']);
});
