import { mayHaveLeftOn } from '@/lib/core/commands/former';
import type { AlertCondition, ControlMode } from '@/lib/core/types';
import type { FormerDevice, OpenedDevice } from './devices';
import type { Ledger } from './ledger/ledger';
import type { Poller } from './poll';

/** For so long it is tried: later its address may be another device's, and whoever is there has long seen that it is on. */
const TRIED_FOR_MS = 24 * 60 * 60_000;
/** One that answers is off by then, and nobody has to be told. */
const ALERT_AFTER_MS = 60_000;

type Readings = Pick<Poller, 'readings'>;

/**
 * The keys under which former devices are their loads' again: one that is set up switches the same thing, or the same
 * device is found on at its new address, before we switched it there, while nobody answers at the old one.
 */
export function reachedAgain(
  former: readonly OpenedDevice[],
  at: { readonly devices: readonly OpenedDevice[]; readonly poller: Readings; readonly ledger: Ledger },
): [from: string, to: string][] {
  return former.flatMap((place): [string, string][] => {
    const { key, switches } = place.settings;
    const same = switches && at.devices.find(({ settings }) => settings.switches === switches);
    if (same) return [[key, same.settings.key]];
    const moved = sameDevice(place, at.devices);
    if (!moved?.device || failureOf(place, at.poller) === null) return [];
    const command = at.ledger.newestTo(moved.settings.key);
    const byUs = command?.desired.state === 'on' && command.attempts > 0;
    const isOn = at.poller.readings(moved.settings.key)?.switch?.state === 'on';
    return isOn && !byUs ? [[key, moved.settings.key]] : [];
  });
}

/** Whether it is let go of: nothing of ours is on there, or it was tried for long enough. */
export function isOver(
  { key, former }: FormerDevice,
  {
    ledger,
    now,
    controlMode,
  }: { readonly ledger: Ledger; readonly now: number; readonly controlMode: ControlMode },
): boolean {
  const command = ledger.newestTo(key);
  if (command === null || !mayHaveLeftOn(command)) return true;
  const isTold = ledger.isOwnOff(command, key);
  // While no worker ran nobody could try.
  if (!isTold && controlMode !== 'advisory') return false;
  return now - (isTold ? command.intendedAt : former.until) >= TRIED_FOR_MS;
}

/** What the owner has to know of devices that are gone and do not let themselves be switched off. */
export function formerAlerts(
  places: readonly OpenedDevice[],
  {
    devices,
    poller,
    now,
    controlMode,
  }: {
    readonly devices: readonly OpenedDevice[];
    readonly poller: Readings;
    readonly now: number;
    readonly controlMode: ControlMode;
  },
): AlertCondition[] {
  return places.flatMap((place): AlertCondition[] => {
    const { key, name, former } = place.settings;
    if (former === null || now - former.until < ALERT_AFTER_MS) return [];
    const what = `${name} was on by CommandCenter when it was removed, or given another connection`;
    if (controlMode === 'advisory') {
      const text = `${what}. Advisory mode sends nothing: switch it off by hand. Otherwise it is switched off if the site is automatic again within a day.`;
      return [{ key: `${key}:advisory`, severity: 'warning', text }];
    }
    const failure = failureOf(place, poller)?.replaceAll(key, name);
    const moved = sameDevice(place, devices);
    const answers = moved?.device && failureOf(moved, poller) === null;
    const remedy = answers
      ? 'Where only its address is new, nothing is to be done; otherwise switch it off by hand if you can.'
      : 'Switch it off by hand if you can.';
    const text = `${what}, and is not seen off there yet${failure ? `: ${failure}` : '.'} It is tried for a day. ${remedy}`;
    return [{ key, severity: answers ? 'warning' : 'critical', text }];
  });
}

const sameDevice = ({ settings }: OpenedDevice, devices: readonly OpenedDevice[]) =>
  devices.find((each) => each.settings.id === settings.former?.deviceId);

const failureOf = ({ settings, error }: OpenedDevice, poller: Readings): string | null =>
  error ?? poller.readings(settings.key)?.error ?? null;
