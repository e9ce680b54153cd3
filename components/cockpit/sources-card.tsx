import { Card } from '@/components/ui/card';
import { Tag } from '@/components/ui/tag';
import { useOwnersWords } from '@/components/units';
import { formatAge } from '@/lib/format';
import type { WireStatus } from '@/lib/status/serialise';
import { useNow } from './now';
import { SimulatedWord } from './simulated-tag';
import { ROLES } from './words';

type Source = WireStatus['sources'][number];

function LastSeen({ source }: { source: Source }) {
  const now = useNow();
  if (source.last_seen_at === null) return <>never seen</>;
  return <>seen {formatAge(now - Date.parse(source.last_seen_at))} ago</>;
}

/** Every device, when it was last heard, and what is wrong with it. */
export function SourcesCard({ status, className }: { status: WireStatus; className?: string }) {
  const { sources, bad_readings: badReadings } = status;
  const words = useOwnersWords();
  const failing = sources.filter((source) => source.error !== null).length;
  return (
    <Card
      title="Devices"
      className={className}
      aside={
        sources.length > 0 && (
          <Tag tone={failing === 0 ? 'good' : 'danger'}>
            {failing === 0 ? 'All answering' : `${failing} of ${sources.length} not answering`}
          </Tag>
        )
      }
    >
      {sources.length === 0 && <p>No device yet. Add one under Settings, Devices.</p>}
      <ul className="grid gap-x-6 sm:grid-cols-2 xl:grid-cols-3">
        {sources.map((source) => (
          <li key={source.key} className="min-w-0 border-line border-t py-2">
            <div className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="min-w-0 wrap-anywhere font-medium">{source.name}</span>
              <span className="text-ink-soft text-xs">
                <LastSeen source={source} />
              </span>
            </div>
            <p className="wrap-anywhere text-ink-soft text-xs">
              {source.key}
              {source.roles.length > 0 && ` · measures ${source.roles.map((role) => ROLES[role]).join(', ')}`}
              {source.simulated && (
                <>
                  {' · '}
                  <SimulatedWord />
                </>
              )}
            </p>
            {source.error && <p className="wrap-anywhere text-danger">{source.error}</p>}
          </li>
        ))}
      </ul>
      {badReadings.length > 0 && (
        <p className="mt-3">
          Not used just now:{' '}
          {badReadings.map(({ reading, reason }) => `${reading} (${words(reason)})`).join('; ')}.
        </p>
      )}
    </Card>
  );
}
