import { describe, expect, it } from 'vitest';
import { decide } from './decide';
import { forgetUnsentStarts, initialMemory, restoreMemory } from './memory';
import { decisionFor, NOON, PRIMARY, Site, seedMiner, siteSnapshot, T0 } from './scenario.case';

const stored = (site: Site): unknown => JSON.parse(JSON.stringify(site.memory));

describe('memory', () => {
  it('survives a round trip through JSON', () => {
    const site = new Site();
    site.hold(100, NOON, { [PRIMARY]: 'on' });
    expect(restoreMemory(stored(site), Number(site.memory.now))).toStrictEqual(site.memory);
  });

  it('goes on where it was after a short restart', () => {
    const site = new Site();
    site.hold(200, NOON);
    site.now += 10_000;
    site.memory = restoreMemory(stored(site), site.now);
    expect(site.secondsUntil('START', PRIMARY, 600, NOON)).toBe(100);
  });

  it('holds anew after a longer one', () => {
    const site = new Site();
    site.hold(200, NOON);
    site.now += 40_000;
    site.memory = restoreMemory(stored(site), site.now);
    expect(site.secondsUntil('START', PRIMARY, 600, NOON)).toBe(300);
  });

  it.each([
    [30_000, 100],
    [30_001, 300],
  ])('goes on holding over %s ms without it: %s s are left', (downMs, leftS) => {
    const site = new Site();
    site.hold(200, NOON);
    site.now += downMs - 10_000;
    site.memory = restoreMemory(stored(site), site.now);
    expect(site.secondsUntil('START', PRIMARY, 600, NOON)).toBe(leftS);
  });

  it('awaits a start that was sent, and decides anew about one that was not', () => {
    const site = new Site();
    site.secondsUntil('START', PRIMARY, 600, NOON);
    site.now += 40_000;
    const back = restoreMemory(stored(site), site.now);
    site.memory = back;
    site.now += 10_000;
    // For ten minutes, and not sent again.
    expect(decisionFor(site.tick(NOON), PRIMARY)).toMatchObject({ verdict: 'START', desired: null });
    site.memory = forgetUnsentStarts(back, [PRIMARY]);
    expect(decisionFor(site.tick(NOON), PRIMARY).verdict).toBe('WAIT');
    expect(site.secondsUntil('START', PRIMARY, 600, NOON)).toBe(290);
    expect(forgetUnsentStarts(back, ['miner:other'])).toEqual(back);
  });

  it('counts the downtime towards the rest', () => {
    const site = new Site({ miners: [seedMiner(0, { startHysteresisMinutes: 0 })] });
    site.hold(30, NOON, { [PRIMARY]: 'on' });
    // Off for 30 s when it goes down, for 280 s when it is back: 20 s of 5 min are missing.
    site.hold(30, NOON);
    site.now += 240_000;
    site.memory = restoreMemory(stored(site), site.now);
    expect(site.secondsUntil('START', PRIMARY, 600, NOON)).toBe(20);
  });

  it('keeps latch and lock-out', () => {
    const site = new Site();
    site.hold(20, { ...NOON, v: 45 }, { [PRIMARY]: 'on' });
    site.now += 7_200_000;
    site.memory = restoreMemory(stored(site), site.now);
    const result = site.hold(60, { ...NOON, minute: 600 });
    expect(result.battery.latched).toBe(true);
    expect(decisionFor(result, PRIMARY).verdict).toBe('LOCKED_OUT');
  });

  it.each([
    null,
    7,
    'memory',
    [],
    {},
    { schemaVersion: 99, now: 1, clockMs: 1 },
    { schemaVersion: 1, now: 'x' },
  ])('starts afresh from %j', (value) => {
    expect(restoreMemory(value, T0)).toStrictEqual(initialMemory(T0));
  });

  it('fills what a stored memory lacks and drops what it should not have', () => {
    const site = new Site();
    site.hold(100, NOON);
    const partial = stored(site) as { loads: { id: string; holdSince?: unknown }[] };
    for (const load of partial.loads) load.holdSince = 'yesterday';
    partial.loads.push({ id: 'miner:gone' });
    const memory = restoreMemory(partial, site.now);
    const snapshot = siteSnapshot(site.now, NOON);
    const result = decide({ snapshot, config: site.config, memory });
    expect(decisionFor(result, PRIMARY)).toMatchObject({ verdict: 'WAIT', binding: 'hold' });
    expect(JSON.stringify(result.memory)).not.toContain('miner:gone');
  });

  it('of another version is refused by decide', () => {
    const { config } = new Site();
    const snapshot = siteSnapshot(T0, NOON);
    expect(() => decide({ snapshot, config, memory: { schemaVersion: 2 } })).toThrow('schema version 2');
  });
});
