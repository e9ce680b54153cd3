import { ChevronLeft } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { ZoneForm } from '@/components/hvac/zone-form';
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
      <Link
        href="/settings/hvac"
        className="mb-2 inline-flex min-h-9 items-center gap-1 font-medium text-accent"
      >
        <ChevronLeft aria-hidden className="size-4" />
        All zones
      </Link>
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
