import { BatteryMedium, House, type LucideIcon, Pickaxe, Sun, UtilityPole } from 'lucide-react';
import { formatPower } from '@/lib/format';
import type { WireStatus } from '@/lib/status/serialise';
import { type FlowLine, type FlowNode, flowsOf } from './energy-flow';

interface Place {
  readonly label: string;
  readonly icon: LucideIcon;
  /** Centre of its box in percent of the picture. */
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}

const PLACES: Readonly<Record<FlowNode, Place>> = {
  solar: { label: 'Solar', icon: Sun, x: 14, y: 20, colour: 'var(--series-pv)' },
  grid: { label: 'Grid', icon: UtilityPole, x: 14, y: 80, colour: 'var(--series-grid)' },
  battery: { label: 'Battery', icon: BatteryMedium, x: 50, y: 80, colour: 'var(--series-battery)' },
  house: { label: 'House', icon: House, x: 86, y: 20, colour: 'var(--series-load)' },
  loads: { label: 'Loads', icon: Pickaxe, x: 86, y: 80, colour: 'var(--series-voltage)' },
};
/** The bus in the middle. */
const MIDDLE = { x: 50, y: 40 };

const SAYING: Readonly<Record<FlowLine['direction'], string>> = { in: 'gives', out: 'takes', none: '' };

function told({ node, watts, direction }: FlowLine): string {
  const { label } = PLACES[node];
  if (direction === 'none') return `${label} ${watts === null ? 'is not known' : 'is still'}`;
  return `${label} ${SAYING[direction]} ${formatPower(watts)}`;
}

/** Who gives and who takes now, at a glance: thicker is more, moving is which way. */
export function EnergyFlowPicture({ status }: { readonly status: WireStatus }) {
  const flows = flowsOf(status);
  return (
    <div
      role="img"
      aria-label={`${flows.map(told).join(', ')}.`}
      className="@container-[size] relative mb-3 aspect-[2/1] max-h-52 w-full"
    >
      {flows.map((flow) => (
        <FlowPath key={flow.node} {...flow} />
      ))}
      <span
        aria-hidden
        className="-translate-1/2 absolute top-[40%] left-1/2 size-3 rounded-full bg-line-strong"
      />
      {flows.map(({ node, watts, direction }) => {
        const { label, icon: Icon, x, y, colour } = PLACES[node];
        return (
          <div
            key={node}
            aria-hidden
            className={`-translate-1/2 absolute grid justify-items-center rounded-md border border-line bg-surface px-2 py-1 text-center ${direction === 'none' ? 'text-ink-soft' : ''}`}
            style={{ left: `${x}%`, top: `${y}%` }}
          >
            <span className="flex items-center gap-1 whitespace-nowrap text-xs">
              <Icon className="size-3.5" style={{ color: colour }} />
              {label}
            </span>
            <span className="whitespace-nowrap font-semibold">{formatPower(watts)}</span>
          </div>
        );
      })}
    </div>
  );
}

/** Stroke in px: 1.5 at nothing, up to 6 from 8 kW. */
const widthOf = (watts: number): number => 1.5 + Math.min(4.5, (watts / 8000) * 4.5);

function FlowPath({ node, watts, direction }: FlowLine) {
  const { x, y, colour } = PLACES[node];
  const still = direction === 'none';
  const [from, to] = direction === 'out' ? [MIDDLE, { x, y }] : [{ x, y }, MIDDLE];
  const [width, height] = [`${to.x - from.x} * 1cqw`, `${to.y - from.y} * 1cqh`];
  return (
    <span
      aria-hidden
      className="absolute overflow-hidden"
      style={{
        left: `${from.x}%`,
        top: `${from.y}%`,
        width: `hypot(${width}, ${height})`,
        height: widthOf(still ? 0 : (watts ?? 0)),
        transformOrigin: '0 50%',
        transform: `translateY(-50%) rotate(atan2(${height}, ${width}))`,
        color: still ? 'var(--line)' : colour,
      }}
    >
      <span className={still ? 'block size-full bg-current' : 'flow-dashes block h-full'} />
    </span>
  );
}
