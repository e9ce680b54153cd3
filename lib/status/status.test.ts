import { describe, expect, it } from 'vitest';
import { statusAt } from './current';
import { serialiseStatus } from './serialise';
import { exampleTick } from './tick.case';

const AT = Date.UTC(2026, 5, 1, 19, 0, 0);
const stored = {
  tick: exampleTick(AT),
  controlMode: 'advisory' as const,
  workerHeartbeatAt: AT,
  modeSince: AT - 5000,
  modeBy: 'me@example.com',
  freeBytes: null,
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('the status at a later moment', () => {
  it('grows every age by the time that passed', () => {
    const status = statusAt(stored, AT + 4000);
    expect(status.ageMs).toBe(4000);
    expect(status.readings.packVoltageV.ageMs).toBe(4400);
    expect(status.readings.gridW.ageMs).toBeNull();
    expect(status.battery.rawAgeMs).toBe(4400);
    expect(status.loads[0]?.powerAgeMs).toBe(4900);
    expect(status.loads[0]?.explanation.gates.map((gate) => gate.ageMs)).toEqual([4400, null]);
    expect(status.zones[0]?.ageMs).toBe(5200);
    expect(status).toMatchObject({ workerAlive: true, controlMode: 'advisory', modeBy: 'me@example.com' });
  });

  it('presents nothing of a silent worker as now', () => {
    const status = statusAt(stored, AT + 61 * 60_000);
    expect(status.workerAlive).toBe(false);
    expect(status.battery.stale).toBe(true);
    for (const sentence of [
      status.summary,
      ...status.loads.map((load) => load.explanation.sentence),
      ...status.zones.map((zone) => zone.sentence),
    ]) {
      expect(sentence).toMatch(/^Not known now: no decision for 61 min\. The last one: /);
    }
  });

  it('a worker that is alive but has not decided for long is no better', () => {
    const now = AT + 60_000;
    const status = statusAt({ ...stored, workerHeartbeatAt: now }, now);
    expect(status.workerAlive).toBe(true);
    expect(status.summary).toMatch(/^Not known now/);
  });

  it('allows a slow tick three of its own lengths', () => {
    const tick = { ...exampleTick(AT), tickSeconds: 60 };
    expect(statusAt({ ...stored, tick }, AT + 179_000).workerAlive).toBe(true);
    expect(statusAt({ ...stored, tick }, AT + 181_000).workerAlive).toBe(false);
  });

  it('never makes an age negative when the clock was set back', () => {
    expect(statusAt(stored, AT - 3_600_000).readings.packVoltageV.ageMs).toBe(400);
  });

  it('takes no worker for alive whose last word seems to come from the future', () => {
    const status = statusAt(stored, AT - 3_600_000);
    expect(status.workerAlive).toBe(false);
    expect(status.battery.stale).toBe(true);
    expect(status.summary).toMatch(/^Not known now/);
    expect(statusAt(stored, AT - 5_000).workerAlive).toBe(true);
  });

  it('changes nothing of the tick it was given', () => {
    const tick = exampleTick(AT);
    statusAt({ ...stored, tick }, AT + 600_000);
    expect(tick).toEqual(exampleTick(AT));
  });
});

describe('the wire status', () => {
  const wire = serialiseStatus(statusAt(stored, AT + 1000));

  it('is snake_case with ISO instants and answers each load in one sentence', () => {
    expect(wire).toMatchObject({
      at: '2026-06-01T19:00:00.000Z',
      age_ms: 1000,
      worker_alive: true,
      mode_since: '2026-06-01T18:59:55.000Z',
      readings: { pack_voltage_v: { value: 52.34, age_ms: 1400, source: 'sim_inverter', simulated: true } },
      loads: [
        {
          load_id: 'miner:00000000-0000-4000-8000-000000000001',
          verdict: 'KEEP_RUNNING',
          sentence: 'Primary keeps running (battery at 63 %).',
          observed_since: '2026-06-01T18:59:00.000Z',
          due_at: null,
          flip: { hold_seconds: 120, changes: [{ quantity: 'pack_voltage_v', delta: -5.34 }] },
        },
        { due_at: '2026-06-01T19:00:30.000Z', flip: { kind: 'none', until: '2026-06-01T19:00:30.000Z' } },
      ],
      sources: [{ key: 'sim_inverter', last_seen_at: '2026-06-01T18:59:59.600Z' }],
    });
  });

  it('holds no camelCase key and no epoch at any depth', () => {
    const walk = (value: unknown, path: string): void => {
      if (typeof value === 'number') expect(value, path).toBeLessThan(1e12);
      if (typeof value !== 'object' || value === null) return;
      for (const [key, item] of Object.entries(value)) {
        expect(key, path).not.toMatch(/[A-Z]/);
        if (/(^|_)at$|_since$|^until$/.test(key) && item !== null)
          expect(item, `${path}.${key}`).toMatch(INSTANT);
        walk(item, `${path}.${key}`);
      }
    };
    walk(wire, 'status');
  });
});
