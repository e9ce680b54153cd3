import { describe, expect, it } from 'vitest';
import { Backlog } from './backlog';
import type { NewDecision, TickHistory } from './store';

const tick = (second: number, decided = false): TickHistory => ({
  telemetry: { userId: 'o', ts: new Date(second * 1000), simulated: true, configVersion: 1 },
  decisions: decided ? [{ loadId: `at ${second}` } as NewDecision] : [],
  minerRuns: [],
  evidence: null,
});

async function contents(backlog: Backlog): Promise<TickHistory[]> {
  const written: TickHistory[] = [];
  await backlog.flush(async (portion) => void written.push(...portion));
  return written;
}

describe('Backlog', () => {
  it('gives back every tick once, in order, in portions', async () => {
    const backlog = new Backlog();
    for (let i = 0; i < 450; i += 1) backlog.add(tick(i));
    expect(backlog.span).toEqual({ from: new Date(0), to: new Date(449_000) });
    const sizes: number[] = [];
    await backlog.flush(async (portion) => void sizes.push(portion.length));
    expect(sizes).toEqual([200, 200, 50]);
    expect(backlog.size).toBe(0);
    expect(await contents(backlog)).toEqual([]);
  });

  it('keeps what could not be written', async () => {
    const backlog = new Backlog();
    for (let i = 0; i < 450; i += 1) backlog.add(tick(i));
    let portions = 0;
    const failing = backlog.flush(async () => {
      portions += 1;
      if (portions === 2) throw new Error('gone again');
    });
    await expect(failing).rejects.toThrow('gone again');
    const rest = await contents(backlog);
    expect(rest).toHaveLength(250);
    expect(rest[0]?.telemetry.ts).toEqual(new Date(200_000));
  });

  it('lets the oldest readings go when it is full, but no decision', async () => {
    const backlog = new Backlog(3);
    for (let i = 0; i < 6; i += 1) backlog.add(tick(i, i === 1 || i === 3));
    expect(backlog.dropped).toBe(3);
    const rest = await contents(backlog);
    expect(rest.map(({ telemetry }) => telemetry.ts.getTime() / 1000)).toEqual([3, 4, 5]);
    expect(rest[0]?.decisions.map(({ loadId }) => loadId)).toEqual(['at 1', 'at 3']);
  });
});
