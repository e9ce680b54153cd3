'use client';

import { Snowflake } from 'lucide-react';
import { Age } from '@/components/cockpit/now';
import { Sentence } from '@/components/cockpit/sentence';
import { useSite, useSiteSettings } from '@/components/settings/site';
import { Tag } from '@/components/ui/tag';
import { formatTemperature } from '@/lib/format';

/** A zone at this moment: temperature with its age, and what is done about it. */
export function ZoneNow({ id }: { readonly id: string }) {
  const { displayUnits } = useSiteSettings();
  const { status, receivedAt } = useSite();
  const zone = status?.zones.find(({ zone_id }) => zone_id === id);
  if (status === null || zone === undefined) return <p className="text-ink-soft">Not decided about yet.</p>;
  return (
    <div className="flex min-w-0 flex-wrap items-baseline gap-x-2 gap-y-1" data-testid="live-zone">
      <span className="font-medium">{formatTemperature(zone.temperature_c, displayUnits)}</span>
      <span className="text-ink-soft text-xs">
        <Age ageMs={zone.age_ms} receivedAt={receivedAt} />
      </span>
      <span className="wrap-anywhere min-w-0 text-ink-soft">
        <Sentence text={zone.sentence} ageMs={status.age_ms} receivedAt={receivedAt} />
      </span>
      {zone.charging_blocked && (
        <Tag tone="danger" icon={Snowflake}>
          Blocks charging
        </Tag>
      )}
    </div>
  );
}
