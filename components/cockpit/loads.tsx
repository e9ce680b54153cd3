import { Card } from '@/components/ui/card';
import { PageLink } from '@/components/ui/page-link';
import type { DisplayUnits } from '@/lib/core/types';
import type { WireLoad, WireStatus } from '@/lib/status/serialise';
import { LoadCard } from './load-card';
import { useOverrides } from './use-overrides';
import { ZoneCard } from './zone-card';

interface LoadsProps {
  readonly status: WireStatus;
  readonly receivedAt: number;
  readonly displayUnits: DisplayUnits;
  readonly timeZone: string;
  /** Grid columns of the cards. */
  readonly columns: string;
  readonly className: string;
}

/** Every miner, and every zone with its heater and fan: what it does and why. */
export function Loads({ status, receivedAt, displayUnits, timeZone, columns, className }: LoadsProps) {
  const overrides = useOverrides();
  const shared = { status, receivedAt, acts: status.control_mode !== 'advisory', timeZone, overrides };
  const miners = status.loads.filter(({ kind }) => kind === 'miner');
  const partsOf = (zoneId: string): WireLoad[] =>
    status.loads.filter(({ kind, load_id }) => kind !== 'miner' && load_id.endsWith(`:${zoneId}`));

  if (miners.length === 0 && status.zones.length === 0) {
    return (
      <Card title="Loads" className={className}>
        <p>
          There is nothing to switch yet. Add{' '}
          <PageLink href="/settings/miners" className="font-medium text-accent underline underline-offset-2">
            a miner
          </PageLink>{' '}
          or{' '}
          <PageLink href="/settings/hvac" className="font-medium text-accent underline underline-offset-2">
            a zone
          </PageLink>{' '}
          in the settings.
        </p>
      </Card>
    );
  }
  return (
    <div className={`grid min-w-0 grid-cols-[minmax(0,1fr)] gap-4 ${className}`}>
      {miners.length > 0 && (
        <section aria-label="Miners" className="min-w-0">
          <h2 className="mb-2 font-semibold text-base">Miners, by priority</h2>
          <div className={`grid grid-cols-[minmax(0,1fr)] items-start gap-3 ${columns}`}>
            {miners.map((load) => (
              <LoadCard key={load.load_id} load={load} {...shared} />
            ))}
          </div>
        </section>
      )}
      {status.zones.length > 0 && (
        <section aria-label="Zones" className="min-w-0">
          <h2 className="mb-2 font-semibold text-base">Zones</h2>
          <div className={`grid grid-cols-[minmax(0,1fr)] items-start gap-3 ${columns}`}>
            {status.zones.map((zone) => (
              <ZoneCard
                key={zone.zone_id}
                zone={zone}
                loads={partsOf(zone.zone_id)}
                shared={shared}
                displayUnits={displayUnits}
              />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}
