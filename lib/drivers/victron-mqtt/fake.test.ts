import { setTimeout as sleep } from 'node:timers/promises';
import { connectAsync } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { Benches, until } from './bench.case';
import { SAMPLE_SITE } from './site-fake';

const benches = new Benches();
afterEach(() => benches.end());

describe('the fake device itself', () => {
  it('retains nothing but its serial number and falls silent without keepalives', async () => {
    const gx = await benches.gx({ silenceAfterMs: 200 });
    const seen: string[] = [];
    const listener = await connectAsync(`mqtt://${gx.host}:${gx.port}`);
    benches.keep(() => listener.endAsync(true));
    listener.on('message', (topic) => seen.push(topic));
    await listener.subscribeAsync('N/#');
    await sleep(150);
    expect(seen).toEqual([`N/${gx.portalId}/system/0/Serial`]);
    await listener.publishAsync(`R/${gx.portalId}/keepalive`, '');
    await until(() => seen.includes(`N/${gx.portalId}/full_publish_completed`));
    expect(seen.length).toBeGreaterThan(Object.keys(SAMPLE_SITE).length);
    await sleep(300);
    const count = seen.length;
    await sleep(150);
    expect(seen).toHaveLength(count);
  });

  it('keeps settings within their limits and echoes what it took', async () => {
    const gx = await benches.gx({
      values: { 'settings/0/Settings/CGwacs/MaxDischargePower': { value: -1, min: -1, max: 5000 } },
    });
    const client = await connectAsync(`mqtt://${gx.host}:${gx.port}`);
    benches.keep(() => client.endAsync(true));
    const topic = `${gx.portalId}/settings/0/Settings/CGwacs/MaxDischargePower`;
    const seen: unknown[] = [];
    client.on('message', (_topic, payload) => seen.push(JSON.parse(payload.toString())));
    await client.subscribeAsync(`N/${topic}`);
    await client.publishAsync(`W/${topic}`, '{"value": 9000}');
    await client.publishAsync(`W/${topic}`, '{"value": 3000}');
    await until(() => seen.length > 0);
    expect(seen).toEqual([{ min: -1, max: 5000, value: 3000 }]);
  });
});
