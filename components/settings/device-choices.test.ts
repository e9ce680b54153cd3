import { describe, expect, it } from 'vitest';
import type { DeviceChoice } from '@/lib/devices/choices';
import { choicesFor, sharingRisk } from './device-choices';

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

describe('choicesFor', () => {
  const MINER = { id: 'm1', field: 'device_identifier', stored: null, abilities: ['switch'] } as const;
  const FAN = {
    id: 'z1',
    field: 'exhaust_fan_device_id',
    stored: null,
    abilities: ['fan', 'switch'],
  } as const;

  it('offers devices that can do it, and says what else they switch', () => {
    expect(choicesFor(DEVICES, MINER)).toEqual([{ value: 'plug', label: 'Plug' }]);
    expect(choicesFor(DEVICES, FAN)).toEqual([
      { value: 'plug', label: 'Plug, in use: S21' },
      { value: 'fan', label: 'Fan' },
    ]);
    expect(choicesFor(DEVICES, { ...FAN, field: 'heater_device_id' })).toEqual([
      { value: 'plug', label: 'Plug, in use: S21' },
      { value: 'fan', label: 'Fan, in use: the fan of Shed' },
    ]);
    expect(choicesFor(DEVICES, { ...FAN, abilities: ['temperature'] })).toEqual([
      { value: 'room', label: 'Thermometer' },
    ]);
  });

  it('keeps the stored device that cannot do it any more, with the reason', () => {
    const last = (field: Parameters<typeof choicesFor>[1]) => choicesFor(DEVICES, field).at(-1);
    expect(last({ ...MINER, stored: 'room' })).toEqual({
      value: 'room',
      label: 'Thermometer, cannot switch',
    });
    expect(last({ ...FAN, stored: 'room' })?.label).toBe('Thermometer, cannot drive a fan');
    expect(last({ ...FAN, abilities: ['temperature'], stored: 'gone' })).toEqual({
      value: 'gone',
      label: 'gone, no such device',
    });
    expect(choicesFor(DEVICES, { ...FAN, abilities: ['temperature'], stored: 'plug' })).toContainEqual({
      value: 'plug',
      label: 'Plug, measures no temperature',
    });
    expect(last({ ...MINER, id: 'm2', stored: 'fan' })?.label).toBe(
      'Fan, cannot switch, in use: the fan of Shed',
    );
  });
});

describe('sharingRisk', () => {
  const stored = { exhaust_fan_device_id: 'fan', heater_device_id: null };
  const uses = { exhaust_fan_device_id: 'the fan of Shed', heater_device_id: 'the heater of Shed' };
  const sharedBy = (next: object) => sharingRisk(DEVICES, { id: 'z1', uses }, { stored, next })?.items;

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
    expect(sharingRisk(DEVICES, { id: 'z1', uses }, { stored: usedByPlug, next: usedByPlug })).toBeNull();
  });

  it('lets two fields of one form change places', () => {
    expect(sharedBy({ exhaust_fan_device_id: null, heater_device_id: 'fan' })).toBeUndefined();
  });
});
