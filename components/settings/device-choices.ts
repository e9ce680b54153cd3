import type { DeviceChoice, DeviceUse } from '@/lib/devices/choices';
import type { Risk } from './risk-dialog';

const isUse = (use: DeviceUse, id: string, field: string) => use.id === id && use.field === field;

/**
 * The devices that can do one of `abilities`. One that switches something else than this field of the miner or zone
 * `id` already says so: two loads on one switch are counted twice.
 */
export function choicesFor(
  devices: readonly DeviceChoice[],
  abilities: readonly DeviceChoice['abilities'][number][],
  { id, field }: { readonly id: string; readonly field: string },
): { readonly value: string; readonly label: string }[] {
  const switches = abilities.some((ability) => ability !== 'temperature');
  return devices
    .filter((device) => abilities.some((ability) => device.abilities.includes(ability)))
    .map(({ value, label, usedBy }) => {
      const others = switches ? usedBy.filter((use) => !isUse(use, id, field)).map(({ name }) => name) : [];
      return { value, label: others.length === 0 ? label : `${label}, in use: ${others.join(', ')}` };
    });
}

interface DeviceFields {
  /** The miner or zone. */
  readonly id: string;
  /** What each field's device becomes, in words: "the fan of Heat Room". */
  readonly uses: Readonly<Partial<Record<DeviceUse['field'], string>>>;
}

/** Devices that the change gives a second load. Each would be switched by the rules of both, against each other. */
export function sharedDevices(
  devices: readonly DeviceChoice[],
  { id, uses }: DeviceFields,
  { stored, next }: { readonly stored: object; readonly next: object },
): Risk | null {
  const at = (values: object, field: string) => (values as Readonly<Record<string, unknown>>)[field];
  const items = Object.entries(uses).flatMap(([field, use]) => {
    const device = devices.find(({ value }) => value === at(next, field));
    if (device === undefined || at(stored, field) === device.value) return [];
    // What this form changes as well is judged by its own rules, as it will be.
    const others = device.usedBy.filter((other) => other.id !== id);
    return others.map(({ name }) => `${device.label} switches ${name} already, and would switch ${use} too.`);
  });
  const intro = 'One device would have two loads, each switching off what the other switched on:';
  return items.length === 0 ? null : { intro, items };
}
