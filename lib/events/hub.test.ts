import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '@/lib/errors';
import { EventHub, type HubSources, SETTINGS_CHANNEL, TICK_CHANNEL, type Viewer } from './hub';
import type { EventStream } from './stream';

const decoder = new TextDecoder();

function world() {
  const notify = new Map<string, (ownerId: string) => void>();
  const ready: (() => void)[] = [];
  const sources = {
    listen: vi.fn<HubSources['listen']>(async (channel, onNotify, onReady) => {
      notify.set(channel, onNotify);
      ready.push(onReady);
    }),
    readStatus: vi.fn<HubSources['readStatus']>(async (ownerId) => `{"of":"${ownerId}"}`),
    stillValid: vi.fn<HubSources['stillValid']>(
      async (viewers) => new Set(viewers.map((viewer) => viewer.credentialId)),
    ),
    onFault: vi.fn<HubSources['onFault']>(),
  };
  return {
    sources,
    hub: new EventHub(sources),
    notify: (channel: string, ownerId: string) => notify.get(channel)?.(ownerId),
    reconnect: () => ready[0]?.(),
  };
}

const viewer = (ownerId: string, credentialId = ownerId): Viewer => ({
  kind: 'session',
  ownerId,
  credentialId,
});

/** Collects everything that a client of this stream receives. */
function collect(stream: EventStream) {
  const received = { text: '', ended: false };
  const reader = stream.body.getReader();
  const pump = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      received.text += decoder.decode(value);
    }
    received.ended = true;
  };
  void pump();
  return Object.assign(received, {
    cancel: () => reader.cancel(),
    count: (event: string) => received.text.split(`event: ${event}\n`).length - 1,
  });
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the event hub', () => {
  it('begins with the status, then reads once per notification however many listen', async () => {
    const { hub, sources, notify } = world();
    const clients = Array.from({ length: 50 }, () => collect(hub.open(viewer('a'))));
    await settle();
    expect(clients.every((client) => client.count('tick') >= 1)).toBe(true);
    sources.readStatus.mockClear();
    notify(TICK_CHANNEL, 'a');
    await settle();
    expect(sources.readStatus).toHaveBeenCalledTimes(1);
    expect(clients[49]?.text).toContain('data: {"of":"a"}');
    expect(sources.listen).toHaveBeenCalledTimes(2);
    hub.close();
  });

  it('tells an owner nothing of another', async () => {
    const { hub, notify, sources } = world();
    const a = collect(hub.open(viewer('a')));
    const b = collect(hub.open(viewer('b')));
    await settle();
    const before = b.text;
    notify(TICK_CHANNEL, 'a');
    notify(SETTINGS_CHANNEL, 'a');
    notify(TICK_CHANNEL, 'nobody');
    await settle();
    expect(a.count('settings')).toBe(1);
    expect(b.text).toBe(before);
    expect(sources.readStatus).not.toHaveBeenCalledWith('nobody');
    hub.close();
  });

  it('does not read again for each of many notifications during a read, but once more after it', async () => {
    const { hub, notify, sources } = world();
    collect(hub.open(viewer('a')));
    await settle();
    let finish = (_: string) => {};
    sources.readStatus.mockClear();
    sources.readStatus.mockImplementationOnce(() => new Promise((resolve) => (finish = resolve)));
    for (let i = 0; i < 20; i += 1) notify(TICK_CHANNEL, 'a');
    await settle();
    expect(sources.readStatus).toHaveBeenCalledTimes(1);
    finish('{}');
    await settle();
    expect(sources.readStatus).toHaveBeenCalledTimes(2);
    hub.close();
  });

  it('keeps the line alive and repeats the status when the worker is silent', async () => {
    const { hub } = world();
    const client = collect(hub.open(viewer('a')));
    await vi.advanceTimersByTimeAsync(16_000);
    expect(client.text).toContain(': alive\n\n');
    expect(client.count('tick')).toBe(1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(client.count('tick')).toBe(2);
    hub.close();
  });

  it('ends the streams of who signed out at the next sign of life, and only those', async () => {
    const { hub, sources } = world();
    const out = collect(hub.open(viewer('a', 'session-1')));
    const stays = collect(hub.open(viewer('a', 'session-2')));
    sources.stillValid.mockImplementation(async () => new Set(['session-2']));
    await vi.advanceTimersByTimeAsync(16_000);
    expect(out.ended).toBe(true);
    expect(stays.ended).toBe(false);
    hub.close();
  });

  it('keeps everybody while the database is away', async () => {
    const { hub, sources } = world();
    sources.listen.mockRejectedValue(new Error('away'));
    sources.stillValid.mockRejectedValue(new Error('away'));
    sources.readStatus.mockRejectedValue(new Error('away'));
    const client = collect(hub.open(viewer('a')));
    await vi.advanceTimersByTimeAsync(61_000);
    expect(client.ended).toBe(false);
    expect(sources.onFault).toHaveBeenCalled();
    sources.readStatus.mockResolvedValue('{}');
    await vi.advanceTimersByTimeAsync(31_000);
    expect(client.count('tick')).toBeGreaterThan(0);
    hub.close();
  });

  it('shows the newest after the LISTEN connection came back', async () => {
    const { hub, reconnect } = world();
    const client = collect(hub.open(viewer('a')));
    await settle();
    reconnect();
    await settle();
    expect(client.count('tick')).toBe(2);
    hub.close();
  });

  it('forgets a client that left and stops its timer with the last', async () => {
    const { hub } = world();
    const client = collect(hub.open(viewer('a')));
    await settle();
    expect(vi.getTimerCount()).toBe(1);
    await client.cancel();
    expect(hub.size).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends all streams on shutdown and opens no more', async () => {
    const { hub } = world();
    const clients = [collect(hub.open(viewer('a'))), collect(hub.open(viewer('b')))];
    hub.close();
    await settle();
    expect(clients.every((client) => client.ended)).toBe(true);
    expect(() => hub.open(viewer('a'))).toThrow(AppError);
  });

  it('has a limit', () => {
    const { hub } = world();
    for (let i = 0; i < 500; i += 1) hub.open(viewer('a'));
    expect(() => hub.open(viewer('a'))).toThrow(/event streams/);
    hub.close();
  });
});
