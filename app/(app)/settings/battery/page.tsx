import type { Metadata } from 'next';
import { BatteryForm } from '@/components/preferences/battery-form';
import { PageHeading } from '@/components/ui/page-heading';
import { requireUser } from '@/lib/auth/session';
import { loadBatterySettings } from '@/lib/preferences/page-data';

export const metadata: Metadata = { title: 'Battery settings' };

export default async function BatterySettingsPage() {
  return (
    <>
      <PageHeading className="mb-3">Battery</PageHeading>
      <BatteryForm {...(await loadBatterySettings(await requireUser()))} />
    </>
  );
}
