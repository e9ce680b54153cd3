import { describe, expect, it } from 'vitest';
import { runLoop } from './loop';

/** A loop whose clock moves only while it sleeps or a tick runs. */
async function simulate(durations: readonly number[], failAt: readonly number[] = []) {
  const stop = new AbortController();
  const begun: number[] = [];
  const skipped: number[] = [];
  const errors: unknown[] = [];
  let nowMs = 5_000;
  let running = 0;
  await runLoop({
    intervalMs: 100,
    monotonicMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    signal: stop.signal,
    onError: (error) => errors.push(error),
    onSkipped: (count) => skipped.push(count),
    tick: async () => {
      expect(running).toBe(0);
      running += 1;
      const index = begun.push(nowMs - 5_000) - 1;
      await Promise.resolve();
      nowMs += durations[index] ?? 0;
      running -= 1;
      if (index === durations.length - 1) stop.abort();
      if (failAt.includes(index)) throw new Error(`tick ${index}`);
    },
  });
  return { begun, skipped, errors };
}

describe('runLoop', () => {
  it('keeps its pace whatever a tick takes', async () => {
    expect((await simulate([10, 90, 0, 50])).begun).toEqual([0, 100, 200, 300]);
  });

  it('leaves out the ticks that a slow one has run over, instead of queueing them', async () => {
    const { begun, skipped } = await simulate([10, 250, 10, 10]);
    expect(begun).toEqual([0, 100, 400, 500]);
    expect(skipped).toEqual([2]);
  });

  it('does not start a tick in the moment another ends', async () => {
    expect((await simulate([100, 10])).begun).toEqual([0, 200]);
  });

  it('goes on after a tick that failed', async () => {
    const { begun, errors } = await simulate([10, 10, 10], [1]);
    expect(begun).toEqual([0, 100, 200]);
    expect(errors).toEqual([new Error('tick 1')]);
  });
});
