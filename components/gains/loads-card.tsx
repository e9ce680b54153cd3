import { Card } from '@/components/ui/card';
import { counted, formatHours, formatKwh } from '@/lib/format';
import type { WireGains } from '@/lib/gains/serialise';

const MINUTE_S = 60;

/** What each load did: run time, energy, switches. */
export function LoadsCard({ loads }: { loads: WireGains['loads'] }) {
  if (loads.length === 0) return null;
  return (
    <Card title="Loads">
      <ul className="divide-y divide-line">
        {loads.map((load) => (
          <li key={load.load_id} className="flex flex-wrap justify-between gap-x-4 py-2">
            <span className="min-w-0 wrap-anywhere font-medium">{load.name}</span>
            <span className="text-ink-soft">
              {load.energy_kwh === null && load.on_seconds === 0
                ? 'not seen on'
                : `on for ${formatHours(load.on_seconds)} · ${formatKwh(load.energy_kwh)}`}
              {(load.rated_kwh ?? 0) > 0 && ` (${formatKwh(load.rated_kwh)} by rating)`} ·{' '}
              {counted(load.starts, 'start')}, {counted(load.stops, 'stop')}
              {load.unknown_seconds >= MINUTE_S && ` · not known for ${formatHours(load.unknown_seconds)}`}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
