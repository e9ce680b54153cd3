import type { Metadata } from 'next';
import { DeleteDevice } from '@/components/devices/delete-device';
import { DeviceForm } from '@/components/devices/device-form';
import { BackLink } from '@/components/settings/back-link';
import { PageHeading } from '@/components/ui/page-heading';
import { requireUser } from '@/lib/auth/session';
import { loadDevice } from '@/lib/devices/page-data';
import { removedRow } from '../../removed-row';

export const metadata: Metadata = { title: 'Device' };

interface DevicePageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export default async function DeviceSettingsPage({ params }: DevicePageProps) {
  const user = await requireUser();
  const { id } = await params;
  const data = await loadDevice(user, id);
  if (data === null) {
    return removedRow(user, {
      entity: 'device',
      id,
      listHref: '/settings/devices',
      listLabel: 'All devices',
      instead: 'Its password is kept no longer: add it again under the same key, and what named it finds it.',
    });
  }
  const { device } = data;
  return (
    <>
      <BackLink href="/settings/devices" label="All devices" />
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <PageHeading className="wrap-anywhere min-w-0">{device.name}</PageHeading>
        <DeleteDevice device={device} />
      </div>
      <DeviceForm key={id} {...data} />
    </>
  );
}
