import type { BandThresholds } from '@/lib/cockpit/settings';
import { formatVoltage } from '@/lib/format';
import { type Ladder, labelledMarks, ladderOf, ladderPosition } from './ladder';

const ZONE_CLASSES = {
  LOW: 'bg-[var(--zone-low)]',
  RECOVERING: 'bg-[var(--zone-recovering)]',
  OPTIMAL: 'bg-[var(--zone-optimal)]',
  HIGH: 'bg-[var(--zone-high)]',
} as const;

const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
const LABEL_GAP = 0.1;

function description(ladder: Ladder): string {
  return ladder.marks
    .map(({ volts, names }) => `${names.join(' and ')} ${formatVoltage(volts, 1)}`)
    .join(', ');
}

/** Where the voltage stands between the thresholds. */
export function VoltageLadder({ volts, thresholds }: { volts: number | null; thresholds: BandThresholds }) {
  const ladder = ladderOf(thresholds, [volts]);
  return (
    <div className="pt-3">
      <p className="sr-only">Thresholds: {description(ladder)}.</p>
      <div aria-hidden className="relative h-2.5">
        <div className="flex h-full gap-px overflow-hidden rounded-full">
          {ladder.zones.map((zone) => (
            <span
              key={zone.band}
              className={`h-full [print-color-adjust:exact] ${ZONE_CLASSES[zone.band]}`}
              style={{
                width: percent(ladderPosition(ladder, zone.toV) - ladderPosition(ladder, zone.fromV)),
              }}
            />
          ))}
        </div>
        {volts !== null && (
          <span
            className="absolute -top-1.5 -bottom-1.5 w-1.5 -translate-x-1/2 rounded-full border-2 border-surface bg-ink [print-color-adjust:exact]"
            style={{ left: percent(ladderPosition(ladder, volts)) }}
          />
        )}
      </div>
      <div aria-hidden className="relative mt-1.5 h-4 text-ink-soft text-xs">
        {labelledMarks(ladder, LABEL_GAP).map(({ volts: at }) => (
          <span
            key={at}
            className="absolute -translate-x-1/2"
            style={{ left: percent(ladderPosition(ladder, at)) }}
          >
            {at.toFixed(1)}
          </span>
        ))}
      </div>
    </div>
  );
}
