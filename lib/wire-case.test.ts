import { expect, expectTypeOf, it } from 'vitest';
import { toCamelCase, toSnakeCase } from './wire-case';

it('spells keys in snake_case at any depth and leaves values alone', () => {
  const wire = toSnakeCase({
    packVoltageV: { ageMs: 5, value: null },
    voltageSocPct: 62.5,
    loads: [{ loadId: 'miner:a0-B', deviceKey: 'shellyS19' }],
  });
  expect(wire).toEqual({
    pack_voltage_v: { age_ms: 5, value: null },
    voltage_soc_pct: 62.5,
    loads: [{ load_id: 'miner:a0-B', device_key: 'shellyS19' }],
  });
  expectTypeOf(wire.pack_voltage_v.age_ms).toEqualTypeOf<number>();
  expectTypeOf(wire.loads).toEqualTypeOf<{ load_id: string; device_key: string }[]>();
});

it('spells a flat record in camelCase, digits included', () => {
  const row = toCamelCase({ voltage_at_0_percent: 45, heating_priority_1: 'miner', enabled: true });
  expect(row).toEqual({ voltageAt0Percent: 45, heatingPriority1: 'miner', enabled: true });
  expectTypeOf(row.voltageAt0Percent).toEqualTypeOf<number>();
});
