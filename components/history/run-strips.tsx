import { memo } from 'react';
import { LEFT_AXIS_PX, RIGHT_AXIS_PX } from '@/components/charts/layout';
import { VERDICT_LABELS } from '@/components/cockpit/words';
import { Disclosure } from '@/components/ui/disclosure';
import type { WireDecision } from '@/lib/decisions/serialise';
import { formatHours, formatMoment } from '@/lib/format';
import type { WireRuns } from '@/lib/telemetry/serialise';
import { type Stretch, stretchesOf } from './strips';
import type { Range } from './view';

interface RunStripsProps {
  readonly runs: WireRuns;
  readonly decisions: readonly WireDecision[];
  readonly range: Range;
  readonly timeZone: string;
  readonly onOpen: (decision: WireDecision) => void;
}

type WireRun = WireRuns['loads'][number];

const WIDTH = 1000;
/** More idle loads than these would hide the ones that ran. */
const MOST_IDLE_SHOWN = 6;

function Strip({ stretches, range }: { stretches: readonly Stretch[]; range: Range }) {
  const x = (at: number) => Math.min(1, Math.max(0, (at - range.from) / (range.to - range.from))) * WIDTH;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} 16`}
      preserveAspectRatio="none"
      className="h-4 w-full rounded-sm bg-sunken [print-color-adjust:exact]"
    >
      {stretches.map(({ from, to, share }) => (
        <rect
          key={from}
          x={x(from)}
          width={Math.max(0, x(to) - x(from))}
          y={share === null ? 6 : 0}
          height={share === null ? 4 : 16}
          fill={share === null ? 'var(--line-strong)' : 'var(--series-battery)'}
          fillOpacity={share === null ? 0.6 : 0.25 + 0.75 * share}
        />
      ))}
    </svg>
  );
}

/**
 * When each load ran, beneath the charts' time axis; a mark is a change of verdict. Many loads of which nothing is to be
 * seen are one press away.
 */
export const RunStrips = memo(function RunStrips({ runs, ...shared }: RunStripsProps) {
  if (runs.at.length === 0) return null;
  const decided = new Set(shared.decisions.map((decision) => decision.load_id));
  const isIdle = ({ load_id, on_share }: WireRun) =>
    !decided.has(load_id) && on_share.every((share) => share === null || share === 0);
  const idle = runs.loads.filter(isIdle);
  if (idle.length <= MOST_IDLE_SHOWN) return <Strips runs={runs} loads={runs.loads} {...shared} />;
  const others = runs.loads.filter((load) => !isIdle(load));
  return (
    <>
      {others.length > 0 && <Strips runs={runs} loads={others} {...shared} />}
      <Disclosure summary={`${idle.length} loads not seen on, nothing decided anew`}>
        {() => <Strips runs={runs} loads={idle} {...shared} />}
      </Disclosure>
    </>
  );
});

function Strips({ runs, loads, decisions, range, timeZone, onOpen }: RunStripsProps & { loads: WireRun[] }) {
  const at = runs.at.map((text) => Date.parse(text));
  const bins = { at, binSeconds: runs.bin_seconds };
  return (
    <ul className="grid gap-2">
      {loads.map((load) => {
        const stretches = stretchesOf(bins, load.on_share);
        const marks = decisions.filter(
          (decision) =>
            decision.load_id === load.load_id &&
            Date.parse(decision.at) >= range.from &&
            Date.parse(decision.at) < range.to,
        );
        return (
          <li key={load.load_id} data-testid="run-strip">
            <p
              className="mb-0.5 flex flex-wrap justify-between gap-x-3 text-xs"
              style={{ paddingLeft: LEFT_AXIS_PX, paddingRight: RIGHT_AXIS_PX }}
            >
              <span className="min-w-0 wrap-anywhere font-medium">{load.name}</span>
              <span className="text-ink-soft">
                {load.on_seconds === null ? 'not known whether on' : `on for ${formatHours(load.on_seconds)}`}
              </span>
            </p>
            <div style={{ paddingLeft: LEFT_AXIS_PX, paddingRight: RIGHT_AXIS_PX }}>
              <div className="relative pb-2">
                <Strip stretches={stretches} range={range} />
                {marks.map((decision) => (
                  // For who points; the list below has the same for keyboard and screen reader.
                  <button
                    key={decision.id}
                    type="button"
                    tabIndex={-1}
                    aria-hidden="true"
                    data-testid="decision-mark"
                    title={`${formatMoment(Date.parse(decision.at), range.to, timeZone)}: ${VERDICT_LABELS[decision.verdict]}`}
                    className="absolute top-0 h-6 w-3 -translate-x-1/2 cursor-pointer"
                    style={{
                      left: `${((Date.parse(decision.at) - range.from) / (range.to - range.from)) * 100}%`,
                    }}
                    onClick={() => onOpen(decision)}
                  >
                    <span className="absolute bottom-0 left-1/2 block h-1.5 w-0.5 -translate-x-1/2 bg-ink [print-color-adjust:exact]" />
                  </button>
                ))}
              </div>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
