'use client';

import { Age } from '@/components/cockpit/now';
import { BANDS } from '@/components/cockpit/words';
import { useSite } from '@/components/settings/site';
import { Tag } from '@/components/ui/tag';
import { formatPercent, formatVoltage } from '@/lib/format';
import { useSocOf } from './soc';

/** The bank at this moment, by the calibration as it stands in the form. */
export function LiveVoltage() {
  const { status, receivedAt } = useSite();
  const socOf = useSocOf();
  const voltage = status?.readings.pack_voltage_v;
  if (!status || !voltage || voltage.value === null) {
    return <span className="text-ink-soft">no voltage measured now</span>;
  }
  const band = BANDS[status.battery.band];
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1" data-testid="live-voltage">
      <span>
        Now {formatVoltage(voltage.value)}, about {formatPercent(socOf(voltage.value))}
      </span>
      <span className="text-ink-soft text-xs">
        <Age ageMs={voltage.age_ms} receivedAt={receivedAt} />
      </span>
      <Tag tone={band.tone}>{band.label}</Tag>
    </span>
  );
}
