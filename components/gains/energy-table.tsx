import { formatKwh, formatPercent } from '@/lib/format';
import type { WireGains } from '@/lib/gains/serialise';
import { periodLabel } from './period-label';

type Row = WireGains['periods'][number];

const COLUMNS: readonly (readonly [label: string, value: (row: Row) => string])[] = [
  ['Solar', (row) => formatKwh(row.pv_kwh)],
  ['House and loads', (row) => formatKwh(row.load_kwh)],
  ['Miners', (row) => formatKwh(row.mined_kwh)],
  ['Battery in', (row) => formatKwh(row.battery_in_kwh)],
  ['Battery out', (row) => formatKwh(row.battery_out_kwh)],
  ['Import', (row) => formatKwh(row.import_kwh)],
  [
    'Solar used here',
    (row) => formatPercent(row.self_consumption === null ? null : row.self_consumption * 100),
  ],
  [
    'Held back, estimate',
    (row) =>
      row.held_back_estimate_kwh === null ? 'none seen' : `up to ${formatKwh(row.held_back_estimate_kwh)}`,
  ],
  ['Recorded', (row) => formatPercent(row.coverage * 100)],
];

const NAMES = { day: ['Day', 'days'], week: ['Week', 'weeks'], month: ['Month', 'months'] } as const;

/** Energy of each period by real elapsed time, newest first; those without any record are counted below. */
export function EnergyTable({ gains }: { gains: WireGains }) {
  const recorded = gains.periods.filter(({ coverage }) => coverage > 0);
  const [name, plural] = NAMES[gains.by];
  const missing = gains.periods.length - recorded.length;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by arrow keys once it has focus */}
      <section aria-label="Energy as a table" className="mt-4 not-print:overflow-x-auto" tabIndex={0}>
        <table className="w-full text-right text-xs print:text-[0.6rem]">
          <thead>
            <tr className="border-line border-b text-ink-soft">
              <th scope="col" className="py-1 pr-3 text-left font-medium">
                {name}
              </th>
              {COLUMNS.map(([label]) => (
                <th key={label} scope="col" className="px-2 font-medium print:px-1">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...recorded].reverse().map((row) => (
              <tr key={row.first} className="border-line border-b whitespace-nowrap">
                <th scope="row" className="py-1 pr-3 text-left font-normal print:pr-1">
                  {periodLabel(row, gains.by)}
                </th>
                {COLUMNS.map(([label, value]) => (
                  <td key={label} className="px-2 print:px-1">
                    {value(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {missing > 0 && (
        <p className="mt-2 text-ink-soft text-xs">
          {missing} {missing === 1 ? name.toLowerCase() : plural} of the range without any record.
        </p>
      )}
    </>
  );
}
