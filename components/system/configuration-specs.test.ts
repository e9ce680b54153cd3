import { describe, expect, it } from 'vitest';
import { zoneIssues } from '@/lib/hvac/rules';
import { importMessage } from './configuration-specs';

describe('importMessage', () => {
  it.each([
    [
      'metric',
      'zones.0.temp_cold_ok: temp_cold_ok (1 °C) must be at least block_charging_below_temp (0 °C) + 2 °C: heating would end before charging is permitted again.',
    ],
    [
      'imperial',
      'zones.0.temp_cold_ok: temp_cold_ok (33.8 °F) must be at least block_charging_below_temp (32.0 °F) + 3.6 °F: heating would end before charging is permitted again.',
    ],
  ] as const)('tells a rule between two fields in the owner’s %s degrees', (units, message) => {
    const frost = { temp_cold_ok: 1, block_charging_below_temp: 0 };
    const issues = zoneIssues(frost, frost).map((issue) => ({ ...issue, path: `zones.0.${issue.path}` }));
    expect(issues.map((issue) => importMessage(issue, units))).toEqual([message]);
  });

  it.each([
    [
      { path: 'zones.3.temp_too_cold', message: 'must be at least -60', values: { minimum: -60 } },
      'zones.3.temp_too_cold: must be at least −76.0 °F',
    ],
    [
      { path: 'preferences.voltage_low', message: 'must be at least 36' },
      'preferences.voltage_low: must be at least 36',
    ],
    [
      { path: 'devices', message: 'must not hold the same key twice' },
      'devices: must not hold the same key twice',
    ],
    [{ path: '', message: 'must be an object' }, 'must be an object'],
  ])('tells %o after its place in the file', (issue, message) => {
    expect(importMessage({ code: 'refused', ...issue }, 'imperial')).toBe(message);
  });
});
