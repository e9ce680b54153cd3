import {
  CircleHelp,
  CirclePlay,
  Clock,
  Hand,
  Lock,
  type LucideIcon,
  OctagonX,
  Power,
  PowerOff,
  Square,
} from 'lucide-react';
import type { Tone } from '@/components/ui/tone';
import type {
  BatteryBand,
  ControlMode,
  GateName,
  LoadKind,
  LoadState,
  MeasuringRole,
  Verdict,
} from '@/lib/core/types';

/** The kernel's vocabulary in the owner's words. */

interface Word {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: LucideIcon;
}

const VERDICTS: Readonly<Record<Verdict, Word>> = {
  START: { label: 'Starting', tone: 'good', icon: CirclePlay },
  KEEP_RUNNING: { label: 'Running', tone: 'good', icon: Power },
  WAIT: { label: 'Waiting', tone: 'neutral', icon: Clock },
  STOP: { label: 'Stopping', tone: 'caution', icon: Square },
  EMERGENCY_STOP: { label: 'Emergency stop', tone: 'danger', icon: OctagonX },
  LOCKED_OUT: { label: 'Locked out', tone: 'caution', icon: Lock },
  DISABLED: { label: 'Disabled', tone: 'neutral', icon: PowerOff },
  CANNOT_DECIDE: { label: 'Cannot decide', tone: 'danger', icon: CircleHelp },
  OVERRIDDEN: { label: 'Your override', tone: 'info', icon: Hand },
};

/** Each verdict in a word, whatever became of it. */
export const VERDICT_LABELS = Object.fromEntries(
  Object.entries(VERDICTS).map(([verdict, { label }]) => [verdict, label]),
) as Readonly<Record<Verdict, string>>;

const WOULD: Partial<Readonly<Record<Verdict, string>>> = {
  START: 'Would start',
  KEEP_RUNNING: 'Would keep running',
  STOP: 'Would stop',
  EMERGENCY_STOP: 'Would stop at once',
};

interface Judged {
  readonly kind: LoadKind;
  readonly verdict: Verdict;
  readonly binding: GateName | null;
  readonly observed: LoadState;
}

/** A room that is warm, or cool, enough: what could heat or cool it is not held back. */
const isNotNeeded = ({ kind, verdict, binding }: Omit<Judged, 'observed'>): boolean =>
  kind !== 'miner' && verdict === 'WAIT' && binding === 'temperature';

/** `acts`: what is decided is also sent; otherwise a verdict is only what would be done. */
export function verdictWord({ kind, verdict, binding, observed }: Judged, acts: boolean): Word {
  const word = VERDICTS[verdict];
  if (isNotNeeded({ kind, verdict, binding })) {
    return { ...word, label: 'Not needed', icon: PowerOff };
  }
  if (verdict === 'STOP' && observed === 'off')
    return { ...word, label: 'Off', tone: 'neutral', icon: PowerOff };
  const would = acts ? undefined : WOULD[verdict];
  return would === undefined ? word : { ...word, label: would };
}

/** What introduces the binding gate. */
export function bindingLabel(load: Omit<Judged, 'observed'>): string {
  if (isNotNeeded(load)) return 'Depends on';
  switch (load.verdict) {
    case 'STOP':
    case 'EMERGENCY_STOP':
      return 'Stopped by';
    case 'START':
    case 'KEEP_RUNNING':
      return 'Depends on';
    case 'WAIT':
    case 'LOCKED_OUT':
    case 'DISABLED':
    case 'CANNOT_DECIDE':
    case 'OVERRIDDEN':
      return 'Held back by';
  }
}

export const GATE_LABELS: Readonly<Record<GateName, string>> = {
  enabled: 'Switched on in the settings',
  override: 'Your override',
  mode: 'Control mode',
  'voltage-fresh': 'Fresh battery voltage',
  band: 'Battery state',
  'emergency-voltage': 'Emergency voltage',
  'start-voltage': 'Start voltage',
  'stop-voltage': 'Stop voltage',
  schedule: 'Schedule',
  sun: 'Sun',
  excess: 'Solar left over',
  available: 'Power available',
  inverter: 'Inverter limit',
  import: 'Power from the grid',
  hold: 'Start delay',
  reachable: 'Device reachable',
  'state-known': 'Device state known',
  'lock-out': 'Rest after an emergency stop',
  'zone-temperature': 'Room temperature',
  runtime: 'Runtime left today',
  'predicted-voltage': 'Voltage once it draws power',
  'minimum-off': 'Minimum off time',
  'minimum-on': 'Minimum on time',
  'starts-per-day': 'Starts within 24 h',
  stagger: 'One start at a time',
  displaced: 'Room for a higher priority',
  'reserved-for-higher': 'Power kept for a higher priority',
  probe: 'Trial on held-back solar',
  temperature: 'Temperature',
  'charge-block': 'Charging too cold',
  'heating-priority': 'Heating order',
};

interface BandWord {
  readonly label: string;
  readonly tone: Tone;
}

export const BANDS: Readonly<Record<BatteryBand | 'UNKNOWN', BandWord>> = {
  SHUTDOWN: { label: 'Shutdown', tone: 'danger' },
  CRITICAL: { label: 'Critically low', tone: 'danger' },
  LOW: { label: 'Low', tone: 'danger' },
  RECOVERING: { label: 'Recovering', tone: 'caution' },
  OPTIMAL: { label: 'Optimal', tone: 'good' },
  HIGH: { label: 'High', tone: 'info' },
  UNKNOWN: { label: 'Unknown', tone: 'danger' },
};

/** What a band means for the loads, in one line. `restart` is the voltage that ends the latch, as text. */
export function bandMeaning(band: BatteryBand | 'UNKNOWN', latched: boolean, restart: string): string {
  switch (band) {
    case 'SHUTDOWN':
      return 'Everything is to be off, fans too.';
    case 'CRITICAL':
      return 'Every miner and heater is to be off.';
    case 'LOW':
      return `Miners and heaters stop, until ${restart} has held for 2 minutes.`;
    case 'RECOVERING':
      return latched
        ? `Nothing starts until ${restart} has held for 2 minutes.`
        : 'What runs may go on down to its own stop voltage.';
    case 'OPTIMAL':
      return latched ? `Nothing starts until ${restart} has held for 2 minutes.` : 'Normal running.';
    case 'HIGH':
      return 'There is room for loads that use spare sun.';
    case 'UNKNOWN':
      return 'There is no fresh voltage to decide by.';
  }
}

export const MODES: Readonly<Record<ControlMode, { label: string; meaning: string; tone: Tone }>> = {
  automatic: {
    label: 'Automatic',
    meaning: 'Decides and switches the devices that are enabled for control.',
    tone: 'good',
  },
  advisory: {
    label: 'Advisory',
    meaning: 'Decides and shows what it would do. Sends nothing to any device.',
    tone: 'info',
  },
  paused: {
    label: 'Paused',
    meaning: 'Stops miners and heaters, leaves fans as they are, then sends nothing.',
    tone: 'caution',
  },
};

export const OBSERVED: Readonly<Record<LoadState, string>> = {
  on: 'On',
  off: 'Off',
  ramping: 'Powering up',
  unknown: 'State unknown',
};

export const ROLES: Readonly<Record<MeasuringRole, string>> = {
  battery: 'battery',
  pv: 'solar',
  load: 'house load',
  grid: 'grid',
  temperature: 'temperature',
};

const CHARGE_STAGES: Readonly<Record<string, string>> = {
  bulk: 'Bulk (charging)',
  absorption: 'Absorption (almost full)',
  float: 'Float (full)',
  throttled: 'Solar held back (full)',
};

export function chargeStageWord(stage: string): string {
  return CHARGE_STAGES[stage] ?? 'unknown';
}
