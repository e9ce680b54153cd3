import type { Metadata } from 'next';
import { BackToDevices } from '@/components/devices/back-to-devices';
import { DeviceForm } from '@/components/devices/device-form';
import { requireUser } from '@/lib/auth/session';
import { loadNewDevice } from '@/lib/devices/page-data';

export const metadata: Metadata = { title: 'New device' };

export default async function NewDevicePage() {
  return (
    <>
      <BackToDevices />
      <h1 className="mb-3 font-semibold text-xl">Add a device</h1>
      <DeviceForm {...(await loadNewDevice(await requireUser()))} />
    </>
  );
}
