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

interface Asked {
  readonly on?: boolean;
  readonly autoOffMs?: number;
}

async function act(plug: number, action: string | undefined, asked: Asked): Promise<void> {
  const state = states[plug];
  if (!state) return;
  await sleep(Math.random() * SLOWEST_MS);
  if (action === 'renew') {
    if (state.on) setTimer(plug, asked.autoOffMs ?? null);
    return;
  }
  const on = asked.on === true;
  log.push({ plug, what: on ? 'on' : 'off', was: state.on });
  state.on = on;
  setTimer(plug, on ? (asked.autoOffMs ?? null) : null);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [, name = '', action] = (request.url ?? '').split('/');
    const answer = (body: unknown) => response.end(JSON.stringify(body));
    const plug = Number(name);
    const tell = () => answer({ on: states[plug]?.on });
    if (name === 'log') answer({ log, states: states.map(({ on }) => on) });
    else if (!states[plug]) response.writeHead(404).end();
    else if (request.method !== 'POST') tell();
    else {
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
      void act(plug, action, asked).then(() => setTimeout(tell, Math.random() * SLOWEST_MS));
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : null });
});
process.on('disconnect', () => process.exit(0));
