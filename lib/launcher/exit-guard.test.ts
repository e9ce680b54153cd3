import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'commandcenter-guard-'));
const guard = join(directory, 'exit-guard.mjs');
const server = join(directory, 'server.mjs');

beforeAll(async () => {
  await build({
    entryPoints: ['lib/launcher/exit-guard.ts'],
    outfile: guard,
    format: 'esm',
    platform: 'node',
  });
  // As Next does: on SIGTERM it waits for open connections.
  writeFileSync(
    server,
    `import { createServer } from 'node:http';
     const server = createServer((request, response) => { response.write('data: 1\\n\\n'); });
     server.listen(0, '127.0.0.1', () => process.send(server.address().port));
     process.on('exit', () => { while (process.env.EXIT_HANGS) {} });
     process.on('SIGTERM', () => server.close());`,
  );
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function serverWithOpenStream(env: Record<string, string> = {}): Promise<ChildProcess> {
  const child = fork(server, [], {
    execArgv: ['--import', pathToFileURL(guard).href],
    env: { ...process.env, COMMANDCENTER_EXIT_GRACE_MS: '400', ...env },
  });
  const [port] = (await once(child, 'message')) as [number];
  const response = await fetch(`http://127.0.0.1:${port}/`);
  await response.body?.getReader().read();
  return child;
}

test('an open event stream does not keep the process after SIGTERM', async () => {
  const child = await serverWithOpenStream();
  const startedAt = performance.now();
  child.kill('SIGTERM');
  await once(child, 'exit');
  expect(performance.now() - startedAt).toBeGreaterThan(300);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('a closed channel (the launcher was killed) ends the process too', async () => {
  const child = await serverWithOpenStream();
  const exited = once(child, 'exit');
  child.disconnect();
  await exited;
});

test('nor does an exit that never comes to its end, once nobody is there to kill the process', async () => {
  const child = await serverWithOpenStream({ EXIT_HANGS: 'yes' });
  const exited = once(child, 'exit');
  child.disconnect();
  expect(await exited).toEqual([null, 'SIGKILL']);
});
