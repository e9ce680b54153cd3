import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import { DeviceList } from '@/components/devices/device-list';
import { TimeZoneNotice } from '@/components/devices/time-zone-notice';
import { PageHeading } from '@/components/ui/page-heading';
import { PageLink } from '@/components/ui/page-link';
import { requireUser } from '@/lib/auth/session';
import { loadDevices } from '@/lib/devices/page-data';

export const metadata: Metadata = { title: 'Devices' };

export default async function DevicesSettingsPage() {
  const devices = await loadDevices(await requireUser());
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <PageHeading>Devices</PageHeading>
        <PageLink
          href="/settings/devices/new"
          className="inline-flex min-h-10 items-center gap-2 rounded-md bg-accent px-4 font-medium text-on-accent hover:brightness-110"
        >
          <Plus aria-hidden className="size-4" />
          Add a device
        </PageLink>
      </div>
      {devices.length === 0 ? (
        <p>There is no device yet: nothing is measured, and nothing can be decided.</p>
      ) : (
        <div className="grid gap-4">
          {devices.some(({ simulated }) => !simulated) && <TimeZoneNotice />}
          <DeviceList devices={devices} />
        </div>
      )}
    </>
  );
}
