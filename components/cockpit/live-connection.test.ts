import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type EventLine, type LinkState, LiveConnection } from './live-connection';

class FakeLine implements EventLine {
  readonly #listeners = new Map<string, (event: { data?: string }) => void>();
  closed = false;
  addEventListener(type: string, listener: (event: { data?: string }) => void) {
    this.#listeners.set(type, listener);
  }
  close() {
    this.closed = true;
  }
  emit(type: string, data?: string) {
    this.#listeners.get(type)?.({ data });
  }
}

function harness(probeStatus: number | null = 200) {
  const lines: FakeLine[] = [];
  const states: LinkState[] = [];
  const ticks: string[] = [];
  const connection = new LiveConnection({
    open: () => {
      const line = new FakeLine();
      lines.push(line);
      return line;
    },
    probe: async () => probeStatus,
    onTick: (data) => ticks.push(data),
    onSettings: () => ticks.push('settings'),
    onState: (state) => states.push(state),
  });
  return {
    connection,
    lines,
    states,
    ticks,
    newest: () => {
      const line = lines.at(-1);
      if (!line) throw new Error('nothing was opened');
      return line;
    },
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('LiveConnection', () => {
  it('is live from the first tick on, and passes what comes', () => {
    const { newest, states, ticks } = harness();
    expect(states).toEqual([]);
    newest().emit('tick', '{"a":1}');
    newest().emit('settings');
    expect(states).toEqual(['live']);
    expect(ticks).toEqual(['{"a":1}', 'settings']);
  });

  it('opens a new line after 1, 2, 4 … 30 s, and starts over once it has heard something', async () => {
    const { lines, newest } = harness();
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = lines.length;
      newest().emit('error');
      await vi.advanceTimersByTimeAsync(waitMs - 1);
      expect(lines.length).toBe(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(lines.length).toBe(before + 1);
    }
    newest().emit('tick', '{}');
    const before = lines.length;
    newest().emit('error');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(lines.length).toBe(before + 1);
  });

  it('says lost only after a grace, and not at all when the line is back before', async () => {
    const { newest, states } = harness();
    newest().emit('tick', '{}');
    newest().emit('error');
    await vi.advanceTimersByTimeAsync(3_000);
    newest().emit('tick', '{}');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(states).toEqual(['live']);
    newest().emit('error');
    await vi.advanceTimersByTimeAsync(4_000);
    expect(states).toEqual(['live', 'lost']);
    await vi.advanceTimersByTimeAsync(30_000);
    newest().emit('tick', '{}');
    expect(states).toEqual(['live', 'lost', 'live']);
  });

  it('takes a line that is quiet for a minute for dead, even without an error', async () => {
    const { lines, newest, states } = harness();
    newest().emit('tick', '{}');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(lines[0]?.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(lines.length).toBe(2);
    expect(states).toEqual(['live', 'lost']);
  });

  it('hears nothing any more from a line it has given up', async () => {
    const { lines, newest, ticks } = harness();
    const old = newest();
    old.emit('error');
    await vi.advanceTimersByTimeAsync(1_000);
    old.emit('tick', '{"late":true}');
    old.emit('error');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ticks).toEqual([]);
    expect(lines.map(({ closed }) => closed)).toEqual([true, false]);
  });

  it('tries at once when woken, once', async () => {
    const { connection, lines, newest } = harness();
    newest().emit('error');
    connection.wake();
    connection.wake();
    expect(lines.length).toBe(2);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(lines.length).toBe(2);
  });

  it('stops for good when the session is gone', async () => {
    const { lines, newest, states } = harness(401);
    newest().emit('error');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(states).toEqual(['signed-out']);
    expect(lines.length).toBe(1);
  });

  it('leaves no timer behind when it is closed', async () => {
    const { connection, lines, newest } = harness();
    newest().emit('tick', '{}');
    newest().emit('error');
    connection.close();
    connection.wake();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(lines.length).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
