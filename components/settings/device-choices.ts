import type { DeviceChoice } from '@/lib/devices/choices';

/**
 * The devices that can do one of `abilities`. One that switches something of another miner or zone than `id` already
 * says so: two loads on one switch are counted twice.
 */
export function choicesFor(
  devices: readonly DeviceChoice[],
  abilities: readonly DeviceChoice['abilities'][number][],
  id: string,
): { readonly value: string; readonly label: string }[] {
  const switches = abilities.some((ability) => ability !== 'temperature');
  return devices
    .filter((device) => abilities.some((ability) => device.abilities.includes(ability)))
    .map(({ value, label, usedBy }) => {
      const others = switches ? usedBy.filter((user) => user.id !== id).map(({ name }) => name) : [];
      return { value, label: others.length === 0 ? label : `${label}, in use: ${others.join(', ')}` };
    });
}
