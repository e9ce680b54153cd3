import type { ReplayReport, VoltageTimeline } from '@/lib/core/replay/types';
import { formatDay, formatVoltage } from '@/lib/format';
import { isTold, loadOf } from './difference';

interface TimelinesProps {
  readonly today: ReplayReport;
  readonly changed: ReplayReport;
  readonly timeZone: string;
}

const WIDTH = 1000;
const HEIGHT = 120;
const MARGIN_V = 0.3;

/** Voltage and every load's hours of both, on one time axis. */
export function Timelines({ today, changed, timeZone }: TimelinesProps) {
  const x = (at: number) => ((at - changed.from) / (changed.to - changed.from)) * WIDTH;
  const [low, high] = extremes([today.voltage, changed.voltage]);
  const y = (volts: number) => HEIGHT - ((volts - low) / (high - low)) * HEIGHT;
  const loads = changed.loads.filter((load) => isTold(today, load));
  return (
    <div className="grid gap-2">
      <p className="flex flex-wrap gap-x-4 text-ink-soft text-xs">
        <Key color="var(--line-strong)">today’s settings</Key>
        <Key color="var(--accent)">changed</Key>
        <span>
          battery voltage {formatVoltage(low + MARGIN_V, 1)} to {formatVoltage(high - MARGIN_V, 1)}
        </span>
      </p>
      <svg
        aria-hidden
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-28 w-full rounded bg-sunken"
      >
        <path d={envelope(today.voltage, x, y)} fill="var(--line-strong)" opacity={0.55} />
        <path d={envelope(changed.voltage, x, y)} fill="var(--accent)" opacity={0.65} />
      </svg>
      {loads.map((load) => (
        <div key={load.loadId} className="grid gap-0.5">
          <p className="wrap-anywhere text-xs">{load.name}</p>
          <Strip spans={loadOf(today, load)?.onSpans ?? NO_SPANS} x={x} color="var(--line-strong)" />
          <Strip spans={load.onSpans} x={x} color="var(--accent)" />
        </div>
      ))}
      <p className="flex justify-between text-ink-soft text-xs">
        <span>{formatDay(changed.from, timeZone)}</span>
        <span>{formatDay(changed.to, timeZone)}</span>
      </p>
    </div>
  );
}

const NO_SPANS = new Float64Array();

function extremes(timelines: readonly VoltageTimeline[]): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { minV, maxV } of timelines) {
    for (const volts of minV) low = Math.min(low, volts);
    for (const volts of maxV) high = Math.max(high, volts);
  }
  return Number.isFinite(low) ? [low - MARGIN_V, high + MARGIN_V] : [0, 1];
}

type Scale = (value: number) => number;

/** Lowest and highest voltage as a band that is never thinner than a hair. */
function envelope({ at, minV, maxV }: VoltageTimeline, x: Scale, y: Scale): string {
  const points: string[] = [];
  for (let i = 0; i < at.length; i++)
    points.push(`${x(at[i] ?? 0).toFixed(1)},${(y(maxV[i] ?? 0) - 0.7).toFixed(1)}`);
  for (let i = at.length - 1; i >= 0; i--)
    points.push(`${x(at[i] ?? 0).toFixed(1)},${(y(minV[i] ?? 0) + 0.7).toFixed(1)}`);
  return points.length === 0 ? '' : `M${points.join('L')}Z`;
}

function Strip({
  spans,
  x,
  color,
}: {
  readonly spans: Float64Array;
  readonly x: Scale;
  readonly color: string;
}) {
  const parts: string[] = [];
  for (let i = 0; i + 1 < spans.length; i += 2) {
    const from = x(spans[i] ?? 0);
    const width = Math.max(0.8, x(spans[i + 1] ?? 0) - from).toFixed(1);
    parts.push(`M${from.toFixed(1)},0h${width}v8h-${width}z`);
  }
  return (
    <svg
      aria-hidden
      viewBox={`0 0 ${WIDTH} 8`}
      preserveAspectRatio="none"
      className="h-2 w-full rounded-sm bg-sunken"
    >
      <path d={parts.join('')} fill={color} />
    </svg>
  );
}

function Key({ color, children }: { readonly color: string; readonly children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className="h-2 w-4 rounded-sm" style={{ background: color }} />
      {children}
    </span>
  );
}
