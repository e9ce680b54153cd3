import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Smart plugs over HTTP in a process of their own, which keep their own log: forked by rounds.ts. They take their time
 * before they act and before they answer, and act on what they heard even when nobody waits for the answer any more.
 * GET /<n> tells the state, POST /<n> {"on", "autoOffMs"} switches, POST /<n>/renew {"autoOffMs"} renews, GET /log.
 */

const PLUGS = 12;
const SLOWEST_MS = 60;

export interface LogEntry {
  readonly plug: number;
  readonly what: 'on' | 'off' | 'auto-off';
  /** Whether it was on before. */
  readonly was: boolean;
}

const log: LogEntry[] = [];
const states = Array.from({ length: PLUGS }, () => ({ on: false, timer: null as NodeJS.Timeout | null }));

function setTimer(plug: number, ms: number | null): void {
  const state = states[plug];
  if (!state) return;
  if (state.timer) clearTimeout(state.timer);
  state.timer =
    ms === null
      ? null
      : setTimeout(() => {
          log.push({ plug, what: 'auto-off', was: state.on });
          state.on = false;
        }, ms);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const [, name = '', action] = (request.url ?? '').split('/');
    const answer = (body: unknown) => response.end(JSON.stringify(body));
    if (name === 'log') return answer({ log, states: states.map(({ on }) => on) });
    const plug = Number(name);
    const state = states[plug];
    if (!state) return response.writeHead(404).end();
    if (request.method === 'POST') {
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as { on?: boolean; autoOffMs?: number };
      await sleep(Math.random() * SLOWEST_MS);
      if (action === 'renew') {
        if (state.on) setTimer(plug, asked.autoOffMs ?? null);
      } else {
        const on = asked.on === true;
        log.push({ plug, what: on ? 'on' : 'off', was: state.on });
        state.on = on;
        setTimer(plug, on ? (asked.autoOffMs ?? null) : null);
      }
      await sleep(Math.random() * SLOWEST_MS);
    }
    answer({ on: state.on });
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : null });
});
process.on('disconnect', () => process.exit(0));
