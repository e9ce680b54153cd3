import type { Decision, Snapshot } from '@/lib/core/types';
import type { Device } from '@/lib/drivers/types';
import type { OpenedDevice } from './devices';
import type { LoadLink } from './links';
import { within } from './within';

export interface Actuation {
  readonly loadId: string;
  readonly deviceKey: string;
  readonly wanted: 'on' | 'off';
  readonly fanSpeed: number | null;
  /** Why it could not be carried out; null when the device acknowledged. */
  readonly error: string | null;
}

interface ActuateInput {
  readonly decisions: readonly Decision[];
  readonly snapshot: Pick<Snapshot, 'loads'>;
  readonly links: readonly LoadLink[];
  readonly deviceOf: (key: string) => OpenedDevice | null;
  readonly timeoutMs: number;
  /** Nothing is switched on, whatever was decided. */
  readonly offOnly: boolean;
}

/**
 * Carries out what was decided, on the simulated site only: a switch is asked for where it differs from what is
 * observed. One call at a time per device, devices side by side.
 */
export async function actuate(input: ActuateInput): Promise<Actuation[]> {
  const byDevice = new Map<string, { device: Device; wanted: Decision[] }>();
  for (const decision of input.decisions) {
    if (!differs(decision, input.snapshot)) continue;
    if (input.offOnly && decision.desired === 'on' && decision.kind !== 'fan') continue;
    const key = input.links.find(({ loadId }) => loadId === decision.loadId)?.deviceKey;
    const opened = key ? input.deviceOf(key) : null;
    const device = opened?.device;
    if (!opened || !device?.simulated || !opened.settings.controlEnabled) continue;
    const known = byDevice.get(device.key) ?? { device, wanted: [] };
    known.wanted.push(decision);
    byDevice.set(device.key, known);
  }
  const done: Actuation[] = [];
  await Promise.all(
    [...byDevice.values()].map(async ({ device, wanted }) => {
      for (const decision of wanted) done.push(await carryOut(decision, device, input.timeoutMs));
    }),
  );
  return done;
}

/** Whether the observed state is another than the decided one. An unknown state is told again, off above all. */
function differs({ loadId, desired, fanSpeed }: Decision, { loads }: Pick<Snapshot, 'loads'>): boolean {
  const observed = loads[loadId];
  if (desired === null || !observed || observed.controllable === false) return false;
  if (desired === 'off') return observed.state !== 'off';
  if (fanSpeed !== null && typeof observed.fanSpeed === 'number') return observed.fanSpeed !== fanSpeed;
  return observed.state === 'off' || observed.state === 'unknown';
}

async function carryOut(decision: Decision, device: Device, timeoutMs: number): Promise<Actuation> {
  const wanted = decision.desired === 'on' ? 'on' : 'off';
  const { fan, switch: plug } = device.capabilities;
  const fanSpeed = decision.kind === 'fan' && fan ? (wanted === 'on' ? (decision.fanSpeed ?? 1) : 0) : null;
  const result = { loadId: decision.loadId, deviceKey: device.key, wanted, fanSpeed } as const;
  try {
    await within(timeoutMs, async () => {
      if (fan && fanSpeed !== null) await fan.setFanSpeed(fanSpeed);
      else await plug?.setSwitch(wanted);
    });
    return { ...result, error: null };
  } catch (error) {
    return { ...result, error: error instanceof Error ? error.message : 'it failed' };
  }
}
