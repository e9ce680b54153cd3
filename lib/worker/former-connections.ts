import { mayHaveLeftOn } from '@/lib/core/commands/former';
import type { AlertCondition, ControlMode } from '@/lib/core/types';
import { isSameSwitch } from '@/lib/drivers/catalog';
import type { FormerDevice, OpenedDevice } from './devices';
import type { Ledger } from './ledger/ledger';
import type { Poller } from './poll';

/** For so long it is tried: later its address may be another device's, and whoever is there has long seen that it is on. */
const TRIED_FOR_MS = 24 * 60 * 60_000;
/** One that answers is off by then, and nobody has to be told. */
const ALERT_AFTER_MS = 60_000;

type Readings = Pick<Poller, 'readings'>;

/** A device that restarts is back by then. */
const SURELY_SILENT_MS = 5 * 60_000;

/**
 * The keys under which former devices are their loads' again: one that is set up switches the same thing, or the same
 * device is found on at its new address, before we switched it there, while nobody has answered at the old one.
 */
export function reachedAgain(
  former: readonly OpenedDevice[],
  at: {
    readonly devices: readonly OpenedDevice[];
    readonly poller: Readings;
    readonly ledger: Ledger;
    readonly now: number;
  },
): [from: string, to: string][] {
  return former.flatMap((place): [string, string][] => {
    const same = setUpAgain(place, at.devices) ?? foundElsewhere(place, at);
    return same ? [[place.settings.key, same.settings.key]] : [];
  });
}

function setUpAgain(
  { settings: { switches } }: OpenedDevice,
  devices: readonly OpenedDevice[],
): OpenedDevice | undefined {
  const alike = devices.filter(({ settings }) => isSameSwitch(settings.switches, switches));
  const named = alike.find(({ settings }) => settings.switches?.unit === switches?.unit);
  // Of several, one that is not named may be any.
  return named ?? (alike.length === 1 ? alike[0] : undefined);
}

function foundElsewhere(
  place: OpenedDevice,
  { devices, poller, ledger, now }: Parameters<typeof reachedAgain>[1],
): OpenedDevice | null {
  const { former, switches, key } = place.settings;
  const moved = sameDevice(place, devices);
  const [from, to] = [switches, moved?.settings.switches];
  if (!former || !moved?.device || from?.outlet !== to?.outlet || from?.address === to?.address) return null;
  const isSilent =
    now - former.until >= SURELY_SILENT_MS && (poller.readings(key)?.lastSeenAt ?? null) === null;
  const seen = failureOf(moved, poller) === null ? poller.readings(moved.settings.key)?.switch : null;
  const isOn = seen?.state === 'on' && seen.sampleAt > former.until;
  const command = ledger.newestTo(moved.settings.key);
  const byUs = command?.desired.state === 'on' && command.attempts > 0;
  return isSilent && isOn && !byUs ? moved : null;
}

/** Whether something may be on by us where a former device is reached. */
export function isLeftOn(key: string, ledger: Pick<Ledger, 'newestTo'>): boolean {
  const command = ledger.newestTo(key);
  return command !== null && mayHaveLeftOn(command);
}

/** Whether it is let go of: nothing of ours is on there, or it was tried for long enough. */
export function isOver(
  { key, former, controlEnabled }: FormerDevice,
  {
    ledger,
    now,
    controlMode,
  }: { readonly ledger: Ledger; readonly now: number; readonly controlMode: ControlMode },
): boolean {
  if (!isLeftOn(key, ledger)) return true;
  const isTried = controlEnabled && controlMode !== 'advisory';
  // While no worker ran nobody could try.
  const since = former.triedSince ?? (isTried ? null : former.until);
  return since !== null && now - since >= TRIED_FOR_MS;
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
    const { key, name, former, controlEnabled } = place.settings;
    if (former === null || now - former.until < ALERT_AFTER_MS) return [];
    const what = `${name} was on by CommandCenter when it was removed, or given another connection`;
    if (!controlEnabled) {
      const text = `${what}. Its control was not enabled, so that CommandCenter leaves it as it is: switch it off by hand.`;
      return [{ key: `${key}:control`, severity: 'warning', text }];
    }
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
