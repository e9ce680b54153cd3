import type { Metadata } from 'next';
import { ZoneForm } from '@/components/hvac/zone-form';
import { RowPage } from '@/components/settings/row-page';
import { requireUser } from '@/lib/auth/session';
import { duplicateZone, removeZone } from '@/lib/hvac/actions';
import { loadZone } from '@/lib/hvac/page-data';
import { removedRow } from '../../removed-row';

export const metadata: Metadata = { title: 'Zone' };

interface ZonePageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export default async function ZoneSettingsPage({ params }: ZonePageProps) {
  const user = await requireUser();
  const { id } = await params;
  const zone = await loadZone(user, id);
  if (zone === null) {
    return removedRow(user, { entity: 'zone', id, listHref: '/settings/hvac', listLabel: 'All zones' });
  }
  return (
    <RowPage
      id={id}
      name={zone.stored.values.zone_name}
      listHref="/settings/hvac"
      listLabel="All zones"
      duplicate={duplicateZone}
      remove={removeZone}
    >
      <ZoneForm key={id} {...zone} />
    </RowPage>
  );
}
