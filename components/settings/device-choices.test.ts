import { expect, test } from 'vitest';
import type { DeviceChoice } from '@/lib/devices/choices';
import { choicesFor } from './device-choices';

const DEVICES: readonly DeviceChoice[] = [
  { value: 'plug', label: 'Plug', abilities: ['switch'], usedBy: [{ id: 'm1', name: 'S21' }] },
  { value: 'fan', label: 'Fan', abilities: ['fan'], usedBy: [] },
  { value: 'room', label: 'Thermometer', abilities: ['temperature'], usedBy: [] },
];

test('only devices that can do it are offered, and whom they serve already is said', () => {
  expect(choicesFor(DEVICES, ['switch'], 'm1')).toEqual([{ value: 'plug', label: 'Plug' }]);
  expect(choicesFor(DEVICES, ['switch', 'fan'], 'z1')).toEqual([
    { value: 'plug', label: 'Plug, in use: S21' },
    { value: 'fan', label: 'Fan' },
  ]);
  expect(choicesFor(DEVICES, ['temperature'], 'z1')).toEqual([{ value: 'room', label: 'Thermometer' }]);
});
