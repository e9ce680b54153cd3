import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm';
import { afterAll, expect, it, vi } from 'vitest';
import { GET } from '@/app/api/events/route';
import { connect } from '@/db/client';
import { controlState, sessions } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { exampleTick } from '@/lib/status/tick.case';
import { openSite } from '@/test/api';
import { EventHub, TICK_CHANNEL } from './hub';

const site = openSite();
const streams: ReadableStreamDefaultReader<Uint8Array>[] = [];
afterAll(async () => {
  await Promise.all(streams.map((stream) => stream.cancel()));
});

async function open(token: string) {
  const request = new Request('http://site.test/api/events', {
    headers: { authorization: `Bearer ${token}` },
  });
  const response = await GET(request, { params: Promise.resolve({}) });
  const received = { response, text: '' };
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no body');
  streams.push(reader);
  const pump = async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      received.text += Buffer.from(part.value).toString();
    }
  };
  void pump();
  return received;
}

const lastData = (text: string) => JSON.parse(text.trim().split('data: ').at(-1) ?? '');

async function tick(at: number, channel = TICK_CHANNEL) {
  const { db } = site();
  await db
    .update(controlState)
    .set({ lastTick: exampleTick(at), workerHeartbeatAt: new Date(at) })
    .where(eq(controlState.userId, OWNER_ID));
  await db.execute(sql`select pg_notify(${channel}, ${OWNER_ID})`);
}

it('pushes each tick of the worker as it is recorded, and that settings changed', async () => {
  const client = await open(await site().token('read'));
  expect(client.response.headers.get('content-type')).toBe('text/event-stream');
  expect(client.response.headers.get('cache-control')).toContain('no-transform');
  await vi.waitFor(() => expect(client.text).toContain('retry: 3000'));

  const at = Date.now() - 1000;
  await vi.waitFor(async () => {
    await tick(at);
    expect(client.text).toContain('event: tick');
  });
  const data = lastData(client.text);
  expect(data).toMatchObject({ at: new Date(at).toISOString(), worker_alive: true });
  expect(data.readings.pack_voltage_v.age_ms).toBeGreaterThanOrEqual(1000);

  await tick(at + 500);
  await vi.waitFor(() => expect(lastData(client.text).at).toBe(new Date(at + 500).toISOString()));
  await tick(at + 500, 'commandcenter_settings');
  await vi.waitFor(() => expect(client.text).toContain('event: settings'));
});

it('shows an owner nothing of another site', async () => {
  const client = await open(await site().token('read', { ownerId: await site().otherOwner() }));
  await tick(Date.now());
  await sleep(200);
  expect(client.text).not.toContain('event: tick');
});

it('lets no stranger listen', async () => {
  const response = await GET(new Request('http://site.test/api/events'), { params: Promise.resolve({}) });
  expect(response.status).toBe(401);
});

it('listens again after the database was away for a while', async () => {
  const target = new URL(site().url);
  const open = new Set<Socket>();
  let up = false;
  const proxy = createServer((socket) => {
    if (!up) return socket.destroy();
    const upstream = connectSocket(Number(target.port), target.hostname);
    for (const end of [socket, upstream]) {
      open.add(end);
      end.on('error', () => {});
      end.on('close', () => open.delete(end));
    }
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as { port: number }).port);
  const connection = connect(url.href, { max: 1, applicationName: 'test-events' });
  let ready = 0;
  const reads: string[] = [];
  const hub = new EventHub({
    listen: (channel, onNotify, onReady) =>
      connection.sql.listen(channel, onNotify, () => {
        ready += 1;
        onReady();
      }),
    readStatus: async (ownerId) => {
      reads.push(ownerId);
      return null;
    },
    stillValid: async () => new Set(),
    onFault: () => {},
  });
  // Away from the start, then there, then away again for longer than one attempt, then back.
  const stream = hub.open({ kind: 'session', ownerId: OWNER_ID, credentialId: 'x' });
  await sleep(1000);
  expect(ready).toBe(0);
  up = true;
  await vi.waitFor(() => expect(ready).toBe(2), 10_000);
  up = false;
  for (const socket of open) socket.destroy();
  await sleep(1500);
  up = true;
  await vi.waitFor(() => expect(ready).toBe(4), 10_000);
  reads.length = 0;
  await site().db.execute(sql`select pg_notify(${TICK_CHANNEL}, ${OWNER_ID})`);
  await vi.waitFor(() => expect(reads).toEqual([OWNER_ID]), 5_000);
  await stream.body.cancel();
  hub.close();
  await connection.end();
  proxy.close();
  for (const socket of open) socket.destroy();
}, 40_000);

it('knows who may stay', async () => {
  const { stillValid } = await import('@/lib/auth/validity');
  const { findSession } = await import('@/lib/auth/sessions');
  const { db } = site();
  const holder = await findSession(db, await site().session());
  if (!holder) throw new Error('no session');
  expect(await stillValid(db, [holder])).toEqual(new Set([holder.credentialId]));
  await db.update(sessions).set({ revokedAt: sql`now()` }).where(eq(sessions.id, holder.credentialId));
  expect(await stillValid(db, [holder])).toEqual(new Set());
});
