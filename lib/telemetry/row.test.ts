import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHARGE_STAGES, type MaybeReading, type Snapshot } from '@/lib/core/types';
import { roundTo } from './rounding';
import { fromTelemetryRow, telemetryRow } from './row';

const NOW = Date.UTC(2026, 5, 1, 19, 30, 0, 123);
const CONFIG = {
  controlMode: 'automatic',
  polls: { voltageSeconds: 10, otherSeconds: 30 },
  failSafeSeconds: 300,
  resistance: null,
  canBlockCharging: false,
  overrides: [],
} as const;

const reading = (quantity: Parameters<typeof roundTo>[0], min: number, max: number) =>
  fc
    .option(
      fc.record({
        value: fc.double({ min, max, noNaN: true }).map((value) => roundTo(quantity, value)),
        sampleAt: fc.integer({ min: NOW - 900_000, max: NOW + 5_000 }),
        // A clock that was set back makes age and stamp disagree.
        extraMs: fc.constantFrom(0, 0, 0, 1_234),
      }),
    )
    .map(
      (drawn): MaybeReading =>
        drawn && {
          value: drawn.value,
          sampleAt: drawn.sampleAt,
          ageMs: Math.max(0, NOW - drawn.sampleAt) + drawn.extraMs,
        },
    );

const load = (kind: 'miner' | 'heater' | 'fan') =>
  fc.record({
    kind: fc.constant(kind),
    state: fc.constantFrom('on' as const, 'off' as const, 'ramping' as const, 'unknown' as const),
    sinceMs: fc.option(fc.integer({ min: 0, max: NOW })),
    powerW: reading('powerW', 0, 8000),
    insideMeasuredLoad: fc.boolean(),
    reachable: fc.boolean(),
    controllable: fc.boolean(),
  });

const snapshots: fc.Arbitrary<Snapshot> = fc.record({
  now: fc.constant(NOW),
  localDate: fc.constant('2026-06-01'),
  localMinute: fc.integer({ min: 0, max: 1439 }),
  tickSeconds: fc.constantFrom(1, 10, 60),
  battery: fc.record({
    packVoltageV: reading('packVoltageV', 0, 65),
    currentA: reading('currentA', -400, 400),
    powerW: reading('powerW', -20_000, 20_000),
    temperatureC: reading('temperatureC', -40, 80),
    reportedSocPct: reading('percent', 0, 110),
    chargeStage: fc.constantFrom(...CHARGE_STAGES),
  }),
  power: fc.record({
    pvW: reading('powerW', 0, 20_000),
    loadW: reading('powerW', 0, 20_000),
    gridW: reading('powerW', -20_000, 20_000),
  }),
  sky: fc.record({
    clearSkyW: fc.option(fc.integer({ min: 0, max: 15_000 })),
    forecastW: fc.constant(null),
    sunny: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
    sunElevationDeg: fc.option(fc.integer({ min: -900, max: 900 }).map((tenths) => tenths / 10 + 0)),
  }),
  loads: fc.record({
    'miner:m': load('miner'),
    'heater:z': load('heater'),
    'fan:z': load('fan').chain((fan) =>
      fc.option(fc.integer({ min: 0, max: 10 })).map((fanSpeed) => ({ ...fan, fanSpeed })),
    ),
  }),
  zones: fc.record({ z: fc.record({ temperatureC: reading('temperatureC', -40, 80) }) }),
});

describe('telemetryRow', () => {
  it('keeps everything the kernel saw, through float4 columns and jsonb', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        const row = telemetryRow({
          ownerId: 'o',
          snapshot,
          config: CONFIG,
          configVersion: 7,
          voltageSocPct: 62.4,
          simulated: true,
          memory: null,
        });
        const stored = JSON.parse(JSON.stringify(row));
        for (const [name, value] of Object.entries(stored)) {
          if (typeof value === 'number' && name !== 'configVersion') stored[name] = Math.fround(value);
        }
        const back = fromTelemetryRow({ ...stored, ts: new Date(stored.ts) });
        expect(back.snapshot).toEqual(snapshot);
        expect(back.config).toEqual(CONFIG);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps overrides, resistance and charge control where there are any', () => {
    const config = {
      ...CONFIG,
      resistance: { lowOhm: 0.003, highOhm: 0.005 },
      canBlockCharging: true,
      overrides: [{ id: 'a', loadId: 'miner:m', state: 'on' as const, startsAt: 1, endsAt: 2 }],
    };
    const [snapshot] = fc.sample(snapshots, { numRuns: 1, seed: 1 });
    if (!snapshot) throw new Error('no sample');
    const row = telemetryRow({
      ownerId: 'o',
      snapshot,
      config,
      configVersion: 7,
      voltageSocPct: null,
      simulated: false,
      memory: null,
    });
    expect(fromTelemetryRow(row).config).toEqual(config);
  });
});
