import { Snowflake } from 'lucide-react';
import { Tag } from '@/components/ui/tag';
import type { DisplayUnits } from '@/lib/core/types';
import { formatTemperature } from '@/lib/format';
import type { WireLoad, WireStatus } from '@/lib/status/serialise';
import { LoadPart, type LoadSurroundings } from './load-card';
import { Age } from './now';
import { Sentence } from './sentence';

interface ZoneCardProps {
  readonly zone: WireStatus['zones'][number];
  /** Its heater and fan. */
  readonly loads: readonly WireLoad[];
  readonly shared: LoadSurroundings;
  readonly displayUnits: DisplayUnits;
}

const PARTS = { heater: 'Heater', fan: 'Exhaust fan', miner: 'Miner' } as const;

export function ZoneCard({ zone, loads, shared, displayUnits }: ZoneCardProps) {
  return (
    <section aria-label={zone.zone_name} className="min-w-0 rounded-lg border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <h3 className="min-w-0 wrap-anywhere font-semibold">{zone.zone_name}</h3>
        {zone.charging_blocked && (
          <Tag tone="danger" icon={Snowflake}>
            Blocks charging
          </Tag>
        )}
      </div>
      <p>
        <span className="font-semibold text-lg">{formatTemperature(zone.temperature_c, displayUnits)}</span>{' '}
        <span className="text-ink-soft text-xs">
          <Age ageMs={zone.age_ms} receivedAt={shared.receivedAt} />
        </span>
      </p>
      <p className="mt-1 mb-3 wrap-anywhere">
        <Sentence text={zone.sentence} ageMs={shared.status.age_ms} receivedAt={shared.receivedAt} />
      </p>
      {loads.map((load) => (
        <LoadPart key={load.load_id} load={load} label={PARTS[load.kind]} {...shared} />
      ))}
    </section>
  );
}
