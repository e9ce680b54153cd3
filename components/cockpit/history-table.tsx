import { Disclosure } from '@/components/ui/disclosure';
import { formatMoment, formatPercent, formatPower, formatVoltage } from '@/lib/format';
import { type History, sampled } from './series';

interface HistoryTableProps {
  readonly history: History;
  readonly timeZone: string;
  readonly showsSoc: boolean;
}

const ROWS = 24;

/** The same history in numbers, for who cannot use a chart. */
export function HistoryTable(props: HistoryTableProps) {
  return <Disclosure summary="As a table">{() => <Table {...props} />}</Disclosure>;
}

function Table({ history, timeZone, showsSoc }: HistoryTableProps) {
  const rows = sampled(history.points, ROWS);
  return (
    <>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolls by arrow keys once it has focus */}
      <section aria-label="History as a table" className="overflow-x-auto" tabIndex={0}>
        <table className="w-full text-right text-xs">
          <thead>
            <tr className="border-line border-b text-ink-soft">
              <th scope="col" className="py-1 pr-3 text-left font-medium">
                Time
              </th>
              <th scope="col" className="px-2 font-medium">
                Voltage
              </th>
              {showsSoc && (
                <th scope="col" className="px-2 font-medium">
                  Charge (estimate)
                </th>
              )}
              <th scope="col" className="px-2 font-medium">
                Solar
              </th>
              <th scope="col" className="px-2 font-medium">
                House and loads
              </th>
              <th scope="col" className="pl-2 font-medium">
                Battery
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((point) => (
              <tr key={point.at} className="border-line border-b whitespace-nowrap">
                <th scope="row" className="py-1 pr-3 text-left font-normal">
                  {formatMoment(point.at, history.to, timeZone)}
                </th>
                <td className="px-2">{formatVoltage(point.packVoltageV)}</td>
                {showsSoc && <td className="px-2">{formatPercent(point.voltageSocPct)}</td>}
                <td className="px-2">{formatPower(point.pvW)}</td>
                <td className="px-2">{formatPower(point.loadW)}</td>
                <td className="pl-2">{formatPower(point.batteryPowerW)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
