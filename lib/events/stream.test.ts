import { expect, it, vi } from 'vitest';
import { EventStream } from './stream';

const decoder = new TextDecoder();

it('gives a slow reader the newest of each event instead of a queue', async () => {
  const stream = new EventStream(() => {});
  const reader = stream.body.getReader();
  stream.send('tick', '{"n":0}');
  for (let n = 1; n <= 100_000; n += 1) stream.send('tick', `{"n":${n}}`);
  stream.send('settings', '{}');
  const first = decoder.decode((await reader.read()).value);
  const second = decoder.decode((await reader.read()).value);
  expect(first).toBe('event: tick\ndata: {"n":0}\n\n');
  expect(second).toBe('event: tick\ndata: {"n":100000}\n\nevent: settings\ndata: {}\n\n');
});

it('delivers at once to a reader that waits', async () => {
  const stream = new EventStream(() => {});
  const reader = stream.body.getReader();
  for (const n of [1, 2, 3]) {
    const next = reader.read();
    stream.send('tick', String(n));
    expect(decoder.decode((await next).value)).toContain(`data: ${n}\n`);
  }
});

it('tells when the client is gone and takes no more', async () => {
  const onEnd = vi.fn();
  const stream = new EventStream(onEnd);
  await stream.body.cancel();
  expect(onEnd).toHaveBeenCalledOnce();
  expect(() => {
    stream.send('tick', '{}');
    stream.comment('alive');
    stream.close();
  }).not.toThrow();
});

it('ends the body on close, after what was sent', async () => {
  const stream = new EventStream(() => {});
  stream.send('tick', '1');
  stream.close();
  expect(await new Response(stream.body).text()).toBe('event: tick\ndata: 1\n\n');
});
