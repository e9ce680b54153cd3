import type { DeviceChoice, DeviceUse } from '@/lib/devices/choices';
import type { Ability } from '@/lib/drivers/catalog';
import type { Risk } from './risk-dialog';

const isUse = (use: DeviceUse, id: string, field: string) => use.id === id && use.field === field;

/** Why a device that lacks an ability does not fit. */
const LACKS: Readonly<Record<Ability, string>> = {
  switch: 'cannot switch',
  fan: 'cannot drive a fan',
  temperature: 'measures no temperature',
};

interface DeviceField {
  /** The miner or zone. */
  readonly id: string;
  readonly field: string;
  /** The device that it names now. */
  readonly stored: string | null;
  /** One of them is needed; the first is the usual one. */
  readonly abilities: readonly [Ability, ...Ability[]];
}

/**
 * The devices that can do what a field needs, and the stored one even where it cannot any more. One that switches
 * something else already says so: two loads on one switch are counted twice.
 */
export function choicesFor(
  devices: readonly DeviceChoice[],
  { id, field, stored, abilities }: DeviceField,
): { readonly value: string; readonly label: string }[] {
  const switches = abilities[0] !== 'temperature';
  const isFit = (device: DeviceChoice) => abilities.some((ability) => device.abilities.includes(ability));
  const offered = devices
    .filter((device) => isFit(device) || device.value === stored)
    .map((device) => {
      const { value, label, usedBy } = device;
      const others = switches ? usedBy.filter((use) => !isUse(use, id, field)).map(({ name }) => name) : [];
      const notes = [
        ...(isFit(device) ? [] : [LACKS[abilities[0]]]),
        ...(others.length === 0 ? [] : [`in use: ${others.join(', ')}`]),
      ];
      return { value, label: [label, ...notes].join(', ') };
    });
  const isGone = stored !== null && !devices.some(({ value }) => value === stored);
  return isGone ? [...offered, { value: stored, label: `${stored}, no such device` }] : offered;
}

interface DeviceFields {
  /** The miner or zone. */
  readonly id: string;
  /** What each field's device becomes, in words: "the fan of Heat Room". */
  readonly uses: Readonly<Partial<Record<DeviceUse['field'], string>>>;
}

/** Devices that the change gives a second load. Each would be switched by the rules of both, against each other. */
export function sharingRisk(
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
