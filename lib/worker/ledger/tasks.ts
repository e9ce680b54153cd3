import { isOwnBlock } from '@/lib/core/commands/former';
import { chargeLoadId, isCharge } from '@/lib/core/commands/load-ids';
import type { LoadToCommand, Permission, Wanted } from '@/lib/core/commands/plan';
import type { Allowed, Command } from '@/lib/core/commands/types';
import type { AlertCondition, Decision } from '@/lib/core/types';
import type { Device } from '@/lib/drivers/types';
import type { SiteConfig } from '../config';
import type { OpenedDevice } from '../devices';
import { type LoadLink, loadLinks } from '../links';
import type { Poller } from '../poll';
import { canSwitch, type Moment } from '../snapshot';
import { seenOfCharger, seenOfLoad } from './seen';

/** A dead-man timer outlives so many polls without a renewal. */
const AUTO_OFF_POLLS = 3;

/** One load or charger as this tick finds it, and the device that carries out what is decided. */
export interface LedgerTask extends Omit<LoadToCommand, 'busy' | 'budgetSpent' | 'sinceTimerSetMs'> {
  /** Null while it is not open: nothing can be sent. */
  readonly device: Device | null;
}

export interface TaskInput extends Moment {
  readonly config: SiteConfig;
  readonly allowed: Allowed;
  readonly tickSeconds: number;
  readonly startsHeld: boolean;
  /** Loads are being stopped because the database has been away too long. */
  readonly shedAll: boolean;
  readonly devices: readonly OpenedDevice[];
  readonly former: readonly OpenedDevice[];
  readonly poller: Pick<Poller, 'readings'>;
  readonly newest: (loadId: string) => Command | null;
  /** While paused: it has been off since, so that nothing more is sent to it. */
  readonly quiet: (loadId: string) => boolean;
  /** What was left on when its load went, or was given another device. */
  readonly left: readonly LoadLink[];
}

/** What the ledger has to follow at this tick: every load with a device, what loads have left on, and every charger. */
export function ledgerTasks(input: TaskInput): LedgerTask[] {
  const tasks: LedgerTask[] = [];
  const opened = new Map([...input.devices, ...input.former].map((each) => [each.settings.key, each]));
  const openedOf = ({ deviceKey }: LoadLink) => (deviceKey === null ? undefined : opened.get(deviceKey));
  for (const link of loadLinks(input.config)) {
    const device = openedOf(link);
    if (device) tasks.push(loadTask(link, device, input));
  }
  for (const link of input.left) {
    const device = openedOf(link);
    if (device) tasks.push(leftTask(link, device, input));
  }
  for (const charger of input.devices) {
    if (charger.device?.capabilities.chargeControl) tasks.push(chargeTask(charger, charger.device, input));
  }
  return tasks;
}

function loadTask(link: LoadLink, { settings, device }: OpenedDevice, input: TaskInput): LedgerTask {
  const decision = input.allowed.decisions.find(({ loadId }) => loadId === link.loadId);
  const able = device !== null && canSwitch(link, device);
  const held = permissionOf(settings.controlEnabled, input, () => input.quiet(link.loadId));
  const timed = able && device.capabilities.switch?.renewAutoOff !== undefined && link.kind !== 'fan';
  return {
    loadId: link.loadId,
    loadName: link.name,
    deviceKey: settings.key,
    simulated: device?.simulated ?? settings.driver === 'simulated',
    isFan: link.kind === 'fan',
    wanted: wantedOf(decision, input.shedAll),
    ...held,
    seen: seenOfLoad(link, device, input),
    device: able ? device : null,
    autoOffSeconds: timed ? AUTO_OFF_POLLS * Math.max(device.pollSeconds, input.tickSeconds) : null,
  };
}

/** Switches off what no load runs any more: nobody would, neither for want of power nor for heat. */
function leftTask(link: LoadLink, opened: OpenedDevice, input: TaskInput): LedgerTask {
  const cause = opened.settings.former
    ? 'its device is removed, or reached another way'
    : 'no miner or zone uses its device any more';
  return {
    ...loadTask(link, opened, input),
    isFan: false,
    wanted: { kind: 'set', desired: { state: 'off' }, cause },
    ...permissionOf(opened.settings.controlEnabled, input, () => false),
    autoOffSeconds: null,
  };
}

function wantedOf(decision: Decision | undefined, shedAll: boolean): Wanted {
  if (!decision) return { kind: 'silent' };
  const { desired, verdict, binding, kind, fanSpeed } = decision;
  if (desired === null) return { kind: verdict === 'KEEP_RUNNING' ? 'leave' : 'silent' };
  const stepped = kind === 'fan' && desired === 'on' ? { fanSpeed: fanSpeed ?? 1 } : null;
  const shed = shedAll && desired === 'off' ? 'the database was away too long' : null;
  return {
    kind: 'set',
    desired: { state: desired, ...stepped },
    cause: shed ?? (binding === null ? verdict : `${verdict} (${binding})`),
  };
}

function permissionOf(
  controlEnabled: boolean,
  { config, startsHeld }: TaskInput,
  isQuiet: () => boolean,
): { permission: Permission; heldBecause: string } {
  const mode = config.kernel.controlMode;
  if (!controlEnabled) return { permission: 'none', heldBecause: 'Control of its device is not enabled.' };
  if (mode === 'automatic') return { permission: startsHeld ? 'hold' : 'all', heldBecause: '' };
  const heldBecause = `The site is ${mode === 'paused' ? 'paused' : 'advisory only'}.`;
  return { permission: mode === 'paused' && !isQuiet() ? 'off' : 'none', heldBecause };
}

/** Blocks as decided; lifts only what it has blocked itself, outside automatic only where the owner asked for it. */
function chargeTask({ settings }: OpenedDevice, device: Device, input: TaskInput): LedgerTask {
  const { config, allowed } = input;
  const loadId = chargeLoadId(settings.key);
  const automatic = config.kernel.controlMode === 'automatic';
  const { permitted, reason } = allowed.chargePermission;
  const lifts = isOwnBlock(input.newest(loadId)) && mayLift(config);
  let wanted: Wanted = { kind: 'silent' };
  if (permitted && lifts) {
    wanted = {
      kind: 'set',
      desired: { state: 'on' },
      cause: automatic ? 'charging is permitted again' : 'the owner lifts the block',
    };
  } else if (!permitted && automatic) {
    wanted = { kind: 'set', desired: { state: 'off' }, cause: reason ?? 'charging is not permitted' };
  }
  const byOwner = !automatic && settings.controlEnabled && wanted.kind === 'set';
  return {
    loadId,
    loadName: `Charging by ${settings.name}`,
    deviceKey: settings.key,
    simulated: device.simulated,
    isFan: false,
    wanted,
    ...(byOwner
      ? { permission: input.startsHeld ? ('hold' as const) : ('all' as const), heldBecause: '' }
      : permissionOf(settings.controlEnabled, input, () => true)),
    seen: seenOfCharger(device, input),
    device,
    autoOffSeconds: null,
  };
}

const mayLift = ({ kernel, chargeBlockAnswer }: SiteConfig): boolean =>
  kernel.controlMode === 'automatic' || chargeBlockAnswer === 'lift';

type ChargeView = Pick<TaskInput, 'config' | 'allowed' | 'newest'>;

/** What the owner has to know of chargers that may not charge. */
export function chargeAlerts(tasks: readonly LedgerTask[], view: ChargeView): AlertCondition[] {
  const blocked = tasks.filter(({ loadId, seen }) => isCharge(loadId) && seen.state !== 'on');
  const own = blocked.filter(({ loadId }) => isOwnBlock(view.newest(loadId)));
  const uncontrolled = mayLift(view.config) ? own.filter((task) => !isControlled(task.deviceKey, view)) : [];
  const left = own.length > uncontrolled.length ? outlivedBlockAlert(view) : null;
  const foreign = blocked
    .filter((task) => task.seen.state === 'off' && !own.includes(task))
    .map(({ loadId, loadName }): AlertCondition => {
      return {
        key: `foreign:${loadId}`,
        severity: 'warning',
        text: `${loadName} is blocked, but not by CommandCenter, which therefore leaves it so.`,
      };
    });
  const alerts = [...uncontrolled.map(uncontrolledAlert), ...foreign];
  return left ? [left, ...alerts] : alerts;
}

function isControlled(deviceKey: string, { config }: ChargeView): boolean {
  return config.devices.some(({ key, controlEnabled }) => key === deviceKey && controlEnabled);
}

/** A block of ours that nobody lifts, for its owner keeps us from it. */
function uncontrolledAlert({ loadId, loadName }: LedgerTask): AlertCondition {
  return {
    key: `uncontrolled:${loadId}`,
    severity: 'warning',
    text: `${loadName} was blocked by CommandCenter and stays so, for control of its device is not enabled. Enable it, and the block is lifted once charging can do no harm.`,
  };
}

/** A block that outlived automatic control is the owner's to keep or to lift; until they say so it is an alert. */
function outlivedBlockAlert({ config, allowed }: ChargeView): AlertCondition | null {
  const { kernel, chargeBlockAnswer } = config;
  if (kernel.controlMode === 'automatic' || chargeBlockAnswer === 'keep') return null;
  if (chargeBlockAnswer === 'lift') {
    const { permitted, reason } = allowed.chargePermission;
    if (permitted) return null;
    return {
      key: 'charge-block-lift',
      severity: 'info',
      text: `The charge block is lifted as soon as charging can do no harm: ${reason ?? 'it still can'}.`,
    };
  }
  return {
    key: 'charge-block-left',
    severity: 'warning',
    text: 'Charging was blocked when automatic control ended, and the block stays until you say what becomes of it.',
  };
}
