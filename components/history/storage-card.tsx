import { Card } from '@/components/ui/card';
import { formatBytes, formatMoment } from '@/lib/format';
import { MOST_DAYS } from '@/lib/storage/days-left';
import type { WireStorage } from '@/lib/storage/serialise';

const TIERS = {
  raw: 'As recorded',
  '1m': 'By minute',
  '15m': 'By quarter of an hour',
  '1d': 'By day',
} as const;

const YEAR_DAYS = 365;

function lasts(daysLeft: number | null): string {
  if (daysLeft === null) return 'How long the disk lasts is not known.';
  if (daysLeft >= MOST_DAYS) return 'The disk is large enough for as long as anyone plans.';
  if (daysLeft > 3 * YEAR_DAYS)
    return `The disk lasts about ${Math.floor(daysLeft / YEAR_DAYS)} years at this pace.`;
  return `The disk lasts about ${daysLeft} days at this pace.`;
}

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
    <Card title="Space">
      <p data-testid="disk">
        {formatBytes(storage.database_bytes)} in the database, {formatBytes(storage.free_bytes)} free on the
        disk. {lasts(storage.days_left)}
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
