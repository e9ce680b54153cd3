import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { ZoneForm } from '@/components/hvac/zone-form';
import { BackLink } from '@/components/settings/back-link';
import { RowActions } from '@/components/settings/row-actions';
import { requireUser } from '@/lib/auth/session';
import { duplicateZone, removeZone } from '@/lib/hvac/actions';
import { loadZone } from '@/lib/hvac/page-data';

export const metadata: Metadata = { title: 'Zone' };

interface ZonePageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export default async function ZoneSettingsPage({ params }: ZonePageProps) {
  const user = await requireUser();
  const { id } = await params;
  const zone = await loadZone(user, id);
  if (zone === null) notFound();
  const { zone_name: name } = zone.stored.values;
  return (
    <>
      <BackLink href="/settings/hvac" label="All zones" />
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h1 className="wrap-anywhere min-w-0 font-semibold text-xl">{name}</h1>
        <RowActions
          id={id}
          name={name}
          listHref="/settings/hvac"
          duplicate={duplicateZone}
          remove={removeZone}
        />
      </div>
      <ZoneForm key={id} {...zone} />
    </>
  );
}
