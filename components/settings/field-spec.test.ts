import { describe, expect, it } from 'vitest';
import { ZONE_SPECS } from '@/components/hvac/specs';
import { MINER_SPECS } from '@/components/miners/specs';
import { checkZone } from '@/lib/hvac/check';
import { zoneIssues } from '@/lib/hvac/rules';
import { checkMiner } from '@/lib/miners/check';
import { checkPreferences } from '@/lib/preferences/check';
import { type FieldSpecs, fieldMessages, showValue } from './field-spec';

const specs: FieldSpecs = {
  voltage_low: { label: 'Low', unit: 'V' },
  voltage_restart: { label: 'Restart', unit: 'V' },
  temp_too_cold: { label: 'Too cold', unit: '°C' },
  temp_cold_ok: { label: 'Warm enough', unit: '°C' },
  operating_mode: { label: 'Character', choices: [{ value: 'balanced', label: 'Balanced' }] },
};

describe('fieldMessages', () => {
  it('explains an impossible order at both fields, by their labels', () => {
    const stored = { voltage_low: 47, voltage_restart: 50 };
    expect(fieldMessages(checkPreferences(stored, { voltage_low: 51 }), specs, 'metric')).toEqual({
      voltage_low: 'Low (51 V) must be below Restart (50 V).',
      voltage_restart: 'Low (51 V) must be below Restart (50 V).',
    });
  });

  it('says what a value by itself breaks', () => {
    expect(fieldMessages(checkPreferences({}, { voltage_low: Number.NaN }), specs, 'metric')).toEqual({
      voltage_low: 'Low must be a number.',
    });
    expect(fieldMessages(checkPreferences({}, { voltage_low: 12 }), specs, 'metric')).toEqual({
      voltage_low: 'Low must be at least 36.',
    });
  });

  it('speaks of temperatures in the owner’s degrees', () => {
    const zone = { temp_too_cold: 10, temp_cold_ok: 5 };
    expect(fieldMessages(zoneIssues(zone, zone), specs, 'imperial').temp_too_cold).toBe(
      'Too cold (50.0 °F) must be below Warm enough (41.0 °F).',
    );
    const frost = { temp_cold_ok: 1, block_charging_below_temp: 0 };
    expect(fieldMessages(zoneIssues(frost, frost), ZONE_SPECS, 'imperial').temp_cold_ok).toBe(
      'Warm enough (33.8 °F) must be at least No charging below (32.0 °F) + 3.6 °F: ' +
        'heating would end before charging is permitted again.',
    );
  });

  it.each([
    [{ temp_too_cold: -61 }, 'metric', 'Too cold must be at least −60.0 °C.'],
    [{ temp_too_cold: -61 }, 'imperial', 'Too cold must be at least −76.0 °F.'],
    [{ temp_too_cold: 151 }, 'imperial', 'Too cold must be at most 302.0 °F.'],
    [{ temp_too_cold: Number.NaN }, 'imperial', 'Too cold must be a number.'],
  ] as const)('names the limit of %o in %s degrees', (patch, units, message) => {
    expect(fieldMessages(checkZone({}, patch), specs, units)).toEqual({ temp_too_cold: message });
  });

  it('tells at both fields that one device cannot cool and heat a zone, once either is changed', () => {
    const zone = { exhaust_fan_device_id: 'plug', heater_device_id: 'plug' };
    const message =
      'Fan and Heater both name "plug": what cools the zone would heat it. Name another device for one of them.';
    expect(fieldMessages(zoneIssues(zone, { heater_device_id: 'plug' }), ZONE_SPECS, 'metric')).toEqual({
      exhaust_fan_device_id: message,
      heater_device_id: message,
    });
    expect(zoneIssues(zone, { zone_name: 'Shed' })).toEqual([]);
    expect(zoneIssues({ ...zone, heater_device_id: null }, zone)).toEqual([]);
  });

  it('asks at both fields for the hour that is missing, once either is changed', () => {
    const stored = { prefer_time_start: null, prefer_time_end: null };
    const both =
      'Both hours are needed: one alone is no schedule. Fill in the other one too, or empty both for any time of day.';
    for (const typed of [{ prefer_time_start: 18 }, { prefer_time_end: 10 }])
      expect(fieldMessages(checkMiner(stored, typed), MINER_SPECS, 'metric')).toEqual({
        prefer_time_start: both,
        prefer_time_end: both,
      });
    expect(checkMiner(stored, { prefer_time_start: 18, prefer_time_end: 10 })).toEqual([]);
    expect(checkMiner({ ...stored, prefer_time_end: 10 }, { prefer_time_end: null })).toEqual([]);
    expect(checkMiner({ ...stored, prefer_time_end: 10 }, { enabled: true })).toEqual([]);
  });

  it('leaves out what the form does not show', () => {
    expect(fieldMessages(checkPreferences({}, { timezone: 'Nowhere/At all' }), specs, 'metric')).toEqual({});
  });
});

describe('showValue', () => {
  it.each([
    [specs.voltage_low, 47.5, '47.5 V'],
    [specs.voltage_low, null, 'none'],
    [specs.voltage_low, Number.NaN, 'unknown'],
    [specs.temp_cold_ok, 5, '5.0 °C'],
    [specs.operating_mode, 'balanced', 'Balanced'],
    [specs.operating_mode, 'of another version', 'of another version'],
    [{ label: 'Enabled' }, true, 'on'],
  ])('%o of %s is "%s"', (spec, value, text) => {
    expect(spec && showValue(spec, value, 'metric')).toBe(text);
  });
});
