import { describe, expect, it, test } from 'vitest';
import type { DeviceChoice } from '@/lib/devices/choices';
import { choicesFor, sharedDevices } from './device-choices';

const DEVICES: readonly DeviceChoice[] = [
  {
    value: 'plug',
    label: 'Plug',
    abilities: ['switch'],
    usedBy: [{ id: 'm1', field: 'device_identifier', name: 'S21' }],
  },
  {
    value: 'fan',
    label: 'Fan',
    abilities: ['fan'],
    usedBy: [{ id: 'z1', field: 'exhaust_fan_device_id', name: 'the fan of Shed' }],
  },
  { value: 'room', label: 'Thermometer', abilities: ['temperature'], usedBy: [] },
];

test('only devices that can do it are offered, and what else they switch is said', () => {
  expect(choicesFor(DEVICES, ['switch'], { id: 'm1', field: 'device_identifier' })).toEqual([
    { value: 'plug', label: 'Plug' },
  ]);
  expect(choicesFor(DEVICES, ['switch', 'fan'], { id: 'z1', field: 'exhaust_fan_device_id' })).toEqual([
    { value: 'plug', label: 'Plug, in use: S21' },
    { value: 'fan', label: 'Fan' },
  ]);
  expect(choicesFor(DEVICES, ['switch', 'fan'], { id: 'z1', field: 'heater_device_id' })).toEqual([
    { value: 'plug', label: 'Plug, in use: S21' },
    { value: 'fan', label: 'Fan, in use: the fan of Shed' },
  ]);
  expect(choicesFor(DEVICES, ['temperature'], { id: 'z1', field: 'temperature_sensor_id' })).toEqual([
    { value: 'room', label: 'Thermometer' },
  ]);
});

describe('sharedDevices', () => {
  const stored = { exhaust_fan_device_id: 'fan', heater_device_id: null };
  const uses = { exhaust_fan_device_id: 'the fan of Shed', heater_device_id: 'the heater of Shed' };
  const sharedBy = (next: object) => sharedDevices(DEVICES, { id: 'z1', uses }, { stored, next })?.items;

  it('names both uses of a device that gets a second one', () => {
    expect(sharedBy({ ...stored, heater_device_id: 'plug' })).toEqual([
      'Plug switches S21 already, and would switch the heater of Shed too.',
    ]);
  });

  it('asks about nothing that stays, is free, or is not known', () => {
    expect(sharedBy(stored)).toBeUndefined();
    expect(sharedBy({ ...stored, heater_device_id: 'room' })).toBeUndefined();
    expect(sharedBy({ ...stored, heater_device_id: 'gone' })).toBeUndefined();
    const usedByPlug = { exhaust_fan_device_id: 'fan', heater_device_id: 'plug' };
    expect(sharedDevices(DEVICES, { id: 'z1', uses }, { stored: usedByPlug, next: usedByPlug })).toBeNull();
  });

  it('lets two fields of one form change places', () => {
    expect(sharedBy({ exhaust_fan_device_id: null, heater_device_id: 'fan' })).toBeUndefined();
  });
});
