import type { AlertCondition, ControlMode } from '@/lib/core/types';
import type { SiteConfig } from './config';
import { isSameReach, type OpenedDevice, type RemovedDevice } from './devices';
import { type Ledger, mayHaveLeftOn } from './ledger/ledger';
import type { Poller } from './poll';

/** For so long it is tried: later its address may be another device's, and whoever is there has long seen that it is on. */
const TRIED_FOR_MS = 24 * 60 * 60_000;
/** One that answers is off by then, and nobody has to be told. */
const ALERT_AFTER_MS = 60_000;

/** Whether a device that is gone is still to be told off. One that was set up again is its loads' again. */
export function isLeftOn(
  device: RemovedDevice,
  { config, ledger, now }: { config: SiteConfig; ledger: Ledger; now: number },
): boolean {
  const command = ledger.newestAtRemoved(device);
  if (command === null || !mayHaveLeftOn(command)) return false;
  if (config.devices.some((each) => isSameReach(each, device))) return false;
  const told = command.desired.state === 'off';
  // While no worker ran nobody could try.
  if (!told && config.kernel.controlMode !== 'advisory') return true;
  return now - (told ? command.intendedAt : device.removed.at) < TRIED_FOR_MS;
}

/** What the owner has to know of devices that are gone and do not let themselves be switched off. */
export function removedAlerts(
  devices: readonly OpenedDevice[],
  poller: Pick<Poller, 'readings'>,
  { now, controlMode }: { readonly now: number; readonly controlMode: ControlMode },
): AlertCondition[] {
  return devices.flatMap(({ settings, error }): AlertCondition[] => {
    const { key, name, removed } = settings;
    if (removed === null || now - removed.at < ALERT_AFTER_MS) return [];
    const what = `${name} was on by CommandCenter when it was removed, or given another connection`;
    if (controlMode === 'advisory') {
      const text = `${what}. Advisory mode sends nothing: switch it off by hand. Otherwise it is switched off if the site is automatic again within a day.`;
      return [{ key: `${key}:advisory`, severity: 'warning', text }];
    }
    const failure = error ?? poller.readings(key)?.error ?? null;
    const text = `${what}, and is not seen off yet${failure ? `: ${failure}` : '.'} It is tried for a day; switch it off by hand if you can.`;
    return [{ key, severity: 'critical', text }];
  });
}
