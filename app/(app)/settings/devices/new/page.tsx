import type { Metadata } from 'next';
import { DeviceForm } from '@/components/devices/device-form';
import { BackLink } from '@/components/settings/back-link';
import { PageHeading } from '@/components/ui/page-heading';
import { requireUser } from '@/lib/auth/session';
import { loadNewDevice } from '@/lib/devices/page-data';

export const metadata: Metadata = { title: 'New device' };

export default async function NewDevicePage() {
  return (
    <>
      <BackLink href="/settings/devices" label="All devices" />
      <PageHeading className="mb-3">Add a device</PageHeading>
      <DeviceForm {...(await loadNewDevice(await requireUser()))} />
    </>
  );
}
