import type { LoadReport, ReplayReport, WhatIf } from '@/lib/core/replay/types';
import { counted, formatVoltage } from '@/lib/format';

export interface ComparedRow {
  readonly label: string;
  readonly today: string;
  readonly changed: string;
  /** With its sign; null where it cannot be told. */
  readonly difference: string | null;
  readonly isSame: boolean;
}

const MINUS = '−';

function signed(value: number, digits: number, unit: string): string {
  const text = Math.abs(value).toFixed(digits);
  const sign = Number(text) === 0 ? '±' : value < 0 ? MINUS : '+';
  return `${sign}${text}${unit}`;
}

function row(label: string, today: number, changed: number, digits: number, unit: string): ComparedRow {
  const difference = changed - today;
  return {
    label,
    today: `${today.toFixed(digits)}${unit}`,
    changed: `${changed.toFixed(digits)}${unit}`,
    difference: signed(difference, digits, unit),
    isSame: Math.abs(difference) < 0.5 * 10 ** -digits,
  };
}

function lowestRow({ today, changed }: WhatIf): ComparedRow {
  const [a, b] = [today.lowestVoltageV, changed.lowestVoltageV];
  return {
    label: 'Lowest voltage',
    today: formatVoltage(a),
    changed: formatVoltage(b),
    difference: a === null || b === null ? null : signed(b - a, 2, ' V'),
    isSame: a !== null && b !== null && Math.abs(b - a) < 0.005,
  };
}

const BANDS = [
  ['Low or worse', ['SHUTDOWN', 'CRITICAL', 'LOW']],
  ['Recovering', ['RECOVERING']],
  ['Optimal', ['OPTIMAL']],
  ['High', ['HIGH']],
] as const;

const bandHours = ({ bandMinutes }: ReplayReport, names: readonly (keyof typeof bandMinutes)[]): number =>
  names.reduce((sum, name) => sum + bandMinutes[name], 0) / 60;

/** The same load in the other report. */
export const loadOf = ({ loads }: ReplayReport, { loadId }: LoadReport): LoadReport | undefined =>
  loads.find((load) => load.loadId === loadId);

/** Whether the owner learns of a load that ran under either settings: of a fan, which draws little, where it ran otherwise. */
export function isTold(today: ReplayReport, load: LoadReport): boolean {
  const hours = loadOf(today, load)?.runHours ?? 0;
  return load.kind === 'fan' ? Math.abs(load.runHours - hours) >= 0.5 : load.runHours + hours > 0;
}

/** Today's settings beside the changed ones, figure by figure. */
export function compared(whatIf: WhatIf): readonly ComparedRow[] {
  const { today, changed } = whatIf;
  const runs = changed.loads.flatMap((load) => {
    const hours = loadOf(today, load)?.runHours ?? 0;
    return isTold(today, load) ? [row(`${load.name} runs`, hours, load.runHours, 0, ' h')] : [];
  });
  const imported = today.importKwh + changed.importKwh >= 0.5;
  return [
    row('Switches a day', today.switchesPerDay, changed.switchesPerDay, 1, ''),
    row('Mined', today.minedKwh, changed.minedKwh, 0, ' kWh'),
    lowestRow(whatIf),
    ...(imported ? [row('From grid or generator', today.importKwh, changed.importKwh, 0, ' kWh')] : []),
    ...runs,
    ...BANDS.map(([label, names]) => row(label, bandHours(today, names), bandHours(changed, names), 0, ' h')),
  ];
}

/** How much of the past was played again: "7 days", "5 hours". */
export function playedWords({ changed }: WhatIf): string {
  const days = Math.round(changed.hours / 24);
  if (days >= 2) return `${days} days`;
  return counted(Math.round(changed.hours), 'hour');
}

/** The same in one line, for where it is saved: only what differs. */
export function differenceLine(whatIf: WhatIf): string {
  const { difference } = whatIf;
  const parts = [
    [difference.switchesPerDay, signed(difference.switchesPerDay, 1, ' switches a day')],
    [difference.minedKwh, signed(difference.minedKwh, 0, ' kWh mined')],
    [difference.lowestVoltageV ?? 0, `lowest voltage ${signed(difference.lowestVoltageV ?? 0, 2, ' V')}`],
  ] as const;
  const told = parts.filter(([, text]) => !text.includes('±')).map(([, text]) => text);
  return told.length === 0 ? 'no difference' : told.join(', ');
}
