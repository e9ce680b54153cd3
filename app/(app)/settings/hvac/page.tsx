import type { Metadata } from 'next';
import { AddZone } from '@/components/hvac/add-zone';
import { ZoneList } from '@/components/hvac/zone-list';
import { PageHeading } from '@/components/ui/page-heading';
import { requireUser } from '@/lib/auth/session';
import { loadZones } from '@/lib/hvac/page-data';

export const metadata: Metadata = { title: 'Zones' };

export default async function ZonesSettingsPage() {
  const zones = await loadZones(await requireUser());
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <PageHeading>Zones</PageHeading>
        <AddZone />
      </div>
      {zones.length === 0 ? (
        <p>
          There is no zone yet. A zone is a room whose temperature matters: with miners, or with the battery.
        </p>
      ) : (
        <ZoneList zones={zones} />
      )}
    </>
  );
}
