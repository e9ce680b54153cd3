import { createServer, type Server } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { answers, waitUntilAnswers, watchAnswers } from './web-health';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(status: () => number, body: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(status());
    response.end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

test('alive is what answers as the health page does, well or not', async () => {
  expect(await answers(await serve(() => 200, '{"status":"ok"}'))).toBe(true);
  expect(await answers(await serve(() => 503, '{"status":"not ok"}'))).toBe(true);
  expect(await answers(await serve(() => 500, '{"status":"ok"}'))).toBe(false);
  expect(await answers(await serve(() => 200, '<html>another program</html>'))).toBe(false);
  expect(await answers('http://127.0.0.1:1')).toBe(false);
});

test('waiting ends with the first answer, and with the process that is waited for', async () => {
  const readyAt = performance.now() + 300;
  const url = await serve(() => (performance.now() > readyAt ? 200 : 500), '{"status":"ok"}');
  await waitUntilAnswers(url, new AbortController().signal);
  expect(performance.now()).toBeGreaterThanOrEqual(readyAt);
  await expect(waitUntilAnswers('http://127.0.0.1:1', AbortSignal.timeout(150))).rejects.toThrow();
});

test('a server counts as hung after six silences in a row, not after five', async () => {
  let asked = 0;
  let hungAt = 0;
  const url = await serve(() => {
    asked += 1;
    // Five silences, one answer, then silence for good.
    return asked === 6 ? 200 : 500;
  }, '{"status":"ok"}');
  const end = watchAnswers(url, () => (hungAt ||= asked), 20);
  await expect.poll(() => hungAt, { timeout: 5_000 }).toBe(12);
  end();
});
