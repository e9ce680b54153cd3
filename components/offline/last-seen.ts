import { OBSERVED } from '@/components/cockpit/words';
import { formatVoltage } from '@/lib/format';
import type { WireStatus } from '@/lib/status/serialise';

/** Read by public/offline.html, which stands alone. */
const KEY = 'commandcenter-last-seen';

export interface LastSeen {
  /** Epoch ms of the measurements, on this device's clock. */
  readonly at: number;
  readonly voltage: string;
  readonly summary: string;
  readonly loads: readonly { readonly name: string; readonly state: string }[];
}

/** What the offline page tells of a status that arrived at `receivedAt`. */
export function lastSeenOf(status: WireStatus, receivedAt: number): LastSeen {
  return {
    at: receivedAt - (status.readings.pack_voltage_v.age_ms ?? status.age_ms),
    voltage: formatVoltage(status.readings.pack_voltage_v.value),
    summary: status.summary,
    loads: status.loads.map(({ name, observed }) => ({ name, state: OBSERVED[observed] })),
  };
}

/** Keeps it on this device. A browser that keeps nothing shows no numbers offline. */
export function rememberLastSeen(status: WireStatus, receivedAt: number): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(lastSeenOf(status, receivedAt)));
  } catch {
    // Private windows and full disks refuse: there is nothing to do about it.
  }
}

/** Whoever signs out leaves nothing on the device. */
export function forgetLastSeen(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
