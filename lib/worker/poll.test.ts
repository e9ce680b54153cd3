import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Capabilities, type Device, DriverError, type MaybeMeasured } from '@/lib/drivers/types';
import { ageOf, type Capability, createPoller } from './poll';

const START = Date.UTC(2026, 5, 1);
let wallOffsetMs = 0;
const now = () => START + performance.now() + wallOffsetMs;
const monotonicMs = () => performance.now();

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] });
  wallOffsetMs = 0;
});
afterEach(() => void vi.useRealTimers());

function device(key: string, capabilities: Capabilities, pollSeconds = 10): Device {
  return {
    key,
    capabilities,
    simulated: true,
    simulatedRoles: [],
    pollSeconds,
    saveState: () => null,
    close: async () => {},
  };
}

const pvMeter = (read: () => Promise<MaybeMeasured>) => ({ pv: { readPvW: read } });
const measured = (value: number): MaybeMeasured => ({ value, sampleAt: now() });
const asking = (subject: Device, ...capabilities: Capability[]) => ({
  device: subject,
  capabilities: new Set(capabilities),
});
const silence = () => new Promise<never>(() => {});

function poller(onChange?: (key: string, error: string | null) => void) {
  return createPoller({
    now,
    monotonicMs,
    callTimeoutMs: 5000,
    patienceMs: 2000,
    ...(onChange && { onChange }),
  });
}

/** Runs a poll to its end and says how long it took. */
async function timed(work: Promise<void>): Promise<number> {
  const begun = performance.now();
  let took = -1;
  void work.then(() => {
    took = performance.now() - begun;
  });
  for (let i = 0; i < 200 && took < 0; i += 1) await vi.advanceTimersByTimeAsync(took < 0 ? 50 : 0);
  return took;
}

describe('poller', () => {
  it('rounds before anyone sees a reading and keeps when it was sampled', async () => {
    const p = poller();
    const battery = {
      readBattery: async () => ({
        packVoltageV: { value: 52.34567, sampleAt: START - 300 },
        currentA: measured(-17.256),
        powerW: measured(-903.4),
        temperatureC: measured(21.26),
        reportedSocPct: measured(62.44),
        chargeStage: 'bulk' as const,
      }),
    };
    await timed(p.poll([asking(device('bms', { battery }), 'battery')]));
    const found = p.readings('bms');
    expect(found?.packVoltageV).toMatchObject({ value: 52.346, sampleAt: START - 300 });
    expect(found?.currentA?.value).toBe(-17.26);
    expect(found?.batteryPowerW?.value).toBe(-903);
    expect(found?.batteryTemperatureC?.value).toBe(21.3);
    expect(found?.reportedSocPct?.value).toBe(62.4);
    expect(found?.chargeStage?.stage).toBe('bulk');
  });

  it('keeps the last good reading, ageing, while a device says nothing or fails', async () => {
    const p = poller();
    const answers: (() => Promise<MaybeMeasured>)[] = [
      async () => measured(4000),
      async () => null,
      async () => ({ value: Number.NaN, sampleAt: now() }),
      async () => {
        throw new DriverError('unreachable', 'Array meter: no answer from 10.0.0.9', true);
      },
    ];
    const meter = device(
      'meter',
      pvMeter(() => (answers.shift() ?? silence)()),
    );
    for (let i = 0; i < 4; i += 1) {
      await timed(p.poll([asking(meter, 'pv')]));
      await vi.advanceTimersByTimeAsync(10_000);
    }
    const found = p.readings('meter');
    expect(found?.pvW?.value).toBe(4000);
    expect(found?.error).toBe('Array meter: no answer from 10.0.0.9');
    const { pvW } = found ?? {};
    expect(pvW && ageOf(pvW, now(), monotonicMs())).toBeGreaterThanOrEqual(40_000);
  });

  it('lets a silent device delay nobody, the first time briefly and then not at all', async () => {
    const p = poller();
    const good = device(
      'good',
      pvMeter(async () => measured(1000)),
    );
    const dead = device('dead', pvMeter(silence));
    const requests = [asking(dead, 'pv'), asking(good, 'pv')];
    expect(await timed(p.poll(requests))).toBeLessThanOrEqual(2050);
    expect(p.readings('good')?.pvW?.value).toBe(1000);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(p.readings('dead')?.error).toBe('dead did not answer in time (pv)');
    for (let i = 0; i < 5; i += 1) {
      expect(await timed(p.poll(requests))).toBeLessThanOrEqual(50);
      await vi.advanceTimersByTimeAsync(10_000);
      expect(p.readings('good')?.pvW?.sampleAt).toBeGreaterThan(now() - 10_200);
    }
  });

  it('asks a device that lets calls time out less and less often, up to once a minute', async () => {
    const p = poller();
    let calls = 0;
    const dead = device(
      'dead',
      pvMeter(() => {
        calls += 1;
        return silence();
      }),
    );
    for (let i = 0; i < 120; i += 1) {
      await timed(p.poll([asking(dead, 'pv')]));
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(calls).toBeGreaterThanOrEqual(18);
    expect(calls).toBeLessThanOrEqual(30);
  });

  it('never asks a device again while it still answers', async () => {
    const p = poller();
    let open = 0;
    let most = 0;
    const slow = device(
      'slow',
      pvMeter(async () => {
        open += 1;
        most = Math.max(most, open);
        await new Promise((resolve) => setTimeout(resolve, 4_000));
        open -= 1;
        return measured(7);
      }),
      1,
    );
    for (let i = 0; i < 10; i += 1) {
      void p.poll([asking(slow, 'pv')]);
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(most).toBe(1);
    expect(p.readings('slow')?.pvW?.value).toBe(7);
  });

  it('polls each device on its own interval', async () => {
    const p = poller();
    const calls = { fast: 0, slow: 0 };
    const counting = (key: 'fast' | 'slow', pollSeconds: number) =>
      device(
        key,
        pvMeter(async () => {
          calls[key] += 1;
          return measured(1);
        }),
        pollSeconds,
      );
    const requests = [asking(counting('fast', 5), 'pv'), asking(counting('slow', 60), 'pv')];
    for (let i = 0; i < 12; i += 1) {
      await p.poll(requests);
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(calls).toEqual({ fast: 12, slow: 2 });
  });

  it('reads one capability although another of the same device fails', async () => {
    const p = poller();
    const mixed = device('mixed', {
      battery: { readBattery: () => Promise.reject(new DriverError('malformed', 'voltage is text', true)) },
      pv: { readPvW: async () => measured(900) },
    });
    await timed(p.poll([asking(mixed, 'battery', 'pv', 'load')]));
    expect(p.readings('mixed')?.pvW?.value).toBe(900);
    expect(p.readings('mixed')?.error).toBe('voltage is text');
  });

  it('keeps an error that is not a driver’s out of what owners read', async () => {
    const p = poller();
    const broken = device(
      'broken',
      pvMeter(() => Promise.reject(new Error('mqtt://user:secret@host'))),
    );
    await timed(p.poll([asking(broken, 'pv')]));
    expect(p.readings('broken')?.error).toBe('broken failed while it was asked for pv');
  });

  it('tells of a failure once and of the recovery once', async () => {
    const told: [string, string | null][] = [];
    const p = poller((key, error) => told.push([key, error]));
    let works = true;
    const meter = device(
      'meter',
      pvMeter(async () => {
        if (!works) throw new DriverError('stale', 'Nothing new for a minute', true);
        return measured(1);
      }),
    );
    for (const state of [true, false, false, false, true, true]) {
      works = state;
      await timed(p.poll([asking(meter, 'pv')]));
      await vi.advanceTimersByTimeAsync(10_000);
    }
    expect(told).toEqual([
      ['meter', 'Nothing new for a minute'],
      ['meter', null],
    ]);
  });

  it('does not take an old sample for a new one when the wall clock is set back', async () => {
    const p = poller();
    const sampleAt = START + 1000;
    const stuck = device(
      'stuck',
      pvMeter(async () => ({ value: 5, sampleAt })),
    );
    await vi.advanceTimersByTimeAsync(1_000);
    await timed(p.poll([asking(stuck, 'pv')]));
    await vi.advanceTimersByTimeAsync(600_000);
    wallOffsetMs = -3_600_000;
    await timed(p.poll([asking(stuck, 'pv')]));
    const pvW = p.readings('stuck')?.pvW;
    expect(pvW && ageOf(pvW, now(), monotonicMs())).toBeGreaterThanOrEqual(600_000);
  });
});
