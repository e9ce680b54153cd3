import { round } from './goals';
import type { Row } from './scorecard';

export const NAMES: Readonly<Record<Row['policy'], string>> = {
  reference: 'no miners',
  raw: 'raw thresholds',
  delays: 'delays only',
  cascade: 'priority cascade',
  ours: 'CommandCenter',
  foresight: 'perfect foresight',
};

const COLUMNS: readonly { readonly title: string; readonly of: (row: Row) => string }[] = [
  { title: 'policy', of: ({ policy }) => NAMES[policy] },
  { title: 'sensors', of: ({ faulty }) => (faulty ? 'faulty' : 'good') },
  {
    title: 'net capture',
    of: ({ netShare }) => (netShare === null ? '–' : `${round(100 * netShare).toFixed(1)} %`),
  },
  { title: 'net kWh', of: ({ netKwh }) => netKwh.toFixed(0) },
  { title: 'curtailed kWh', of: ({ curtailedKwh }) => curtailedKwh.toFixed(0) },
  { title: 'extra unserved kWh', of: ({ extraUnservedKwh }) => extraUnservedKwh.toFixed(1) },
  { title: 'extra dark h', of: ({ extraDarkHours }) => extraDarkHours.toFixed(1) },
  { title: 'emergencies', of: ({ emergencies }) => String(emergencies) },
  { title: 'min < stop V', of: ({ belowStopMinutes }) => belowStopMinutes.toFixed(0) },
  { title: 'switches/day', of: ({ switchesMean }) => switchesMean.toFixed(2) },
  { title: 'p95', of: ({ switchesP95 }) => String(switchesP95) },
  { title: 'shortest on/off s', of: (row) => `${row.shortestOnS ?? '–'}/${row.shortestOffS ?? '–'}` },
  { title: 'oldest V start/on s', of: (row) => `${row.startAgeS ?? '–'}/${row.onAgeS ?? '–'}` },
  { title: 'comfort °C·h', of: ({ comfortDegreeHours }) => comfortDegreeHours.toFixed(1) },
  { title: 'cold charging min', of: ({ coldChargeMinutes }) => coldChargeMinutes.toFixed(0) },
  {
    title: 'invariants broken',
    of: ({ policy, violations }) => (policy === 'ours' ? String(violations) : '–'),
  },
];

/** One line per policy: a Markdown table, aligned so that it reads in a terminal too. */
export function rowsTable(rows: readonly Row[]): string {
  return table(
    COLUMNS.map(({ title }) => title),
    rows.map((row) => COLUMNS.map(({ of }) => of(row))),
  );
}

export function table(titles: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = titles.map((title, i) =>
    Math.max(title.length, ...lines.map((cells) => (cells[i] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(titles), rule, ...lines.map(line)].join('\n');
}
