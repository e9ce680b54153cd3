import type { Metadata } from 'next';
import { DeviceForm } from '@/components/devices/device-form';
import { BackLink } from '@/components/settings/back-link';
import { requireUser } from '@/lib/auth/session';
import { loadNewDevice } from '@/lib/devices/page-data';

export const metadata: Metadata = { title: 'New device' };

export default async function NewDevicePage() {
  return (
    <>
      <BackLink href="/settings/devices" label="All devices" />
      <h1 className="mb-3 font-semibold text-xl">Add a device</h1>
      <DeviceForm {...(await loadNewDevice(await requireUser()))} />
    </>
  );
}
