import { Card } from '@/components/ui/card';
import { formatBytes, formatMoment } from '@/lib/format';
import type { WireStorage } from '@/lib/storage/serialise';
import { diskWords } from './disk-words';

const TIERS = {
  raw: 'As recorded',
  '1m': 'By minute',
  '15m': 'By quarter of an hour',
  '1d': 'By day',
} as const;

/** How much room history takes, how long each tier is kept, and how long the disk lasts. */
export function StorageCard({
  storage,
  now,
  timeZone,
}: {
  storage: WireStorage;
  now: number;
  timeZone: string;
}) {
  return (
    <Card title="Space" className="print:hidden">
      <p data-testid="disk">
        {formatBytes(storage.database_bytes)} in the database, {formatBytes(storage.free_bytes)} free on the
        disk. {diskWords(storage.days_left)}
      </p>
      <dl className="mt-3 grid gap-x-4 gap-y-1 sm:grid-cols-2">
        {storage.tiers.map((tier) => (
          <div key={tier.tier} className="flex flex-wrap justify-between gap-x-3 border-line border-b py-1">
            <dt>{TIERS[tier.tier]}</dt>
            <dd className="text-ink-soft">
              {formatBytes(tier.bytes)}
              {tier.oldest_at !== null &&
                `, since ${formatMoment(Date.parse(tier.oldest_at), now, timeZone)}`}
              {tier.keep_days === null ? ', kept for ever' : `, kept for ${tier.keep_days} days`}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
