import type { Metadata } from 'next';
import { BatteryForm } from '@/components/preferences/battery-form';
import { requireUser } from '@/lib/auth/session';
import { loadBatterySettings } from '@/lib/preferences/page-data';

export const metadata: Metadata = { title: 'Battery settings' };

export default async function BatterySettingsPage() {
  return (
    <>
      <h1 className="mb-3 font-semibold text-xl">Battery</h1>
      <BatteryForm {...(await loadBatterySettings(await requireUser()))} />
    </>
  );
}
