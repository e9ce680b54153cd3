import { fanLoadId, heaterLoadId, minerLoadId } from '@/lib/core/loads';
import type { LoadKind, MeasuringRole } from '@/lib/core/types';
import type { SiteConfig } from './config';
import type { OpenedDevice } from './devices';
import type { Capability, PollRequest } from './poll';

/** A load and the device that switches it. */
export interface LoadLink {
  readonly loadId: string;
  readonly kind: LoadKind;
  readonly name: string;
  readonly deviceKey: string | null;
  readonly ratedW: number | null;
}

const known = new WeakMap<SiteConfig['kernel'], readonly LoadLink[]>();

/** Every load of the configuration, in the order of its rows: miners, then heater and fan of each zone. */
export function loadLinks({ kernel }: Pick<SiteConfig, 'kernel'>): readonly LoadLink[] {
  let links = known.get(kernel);
  if (!links) {
    links = findLinks(kernel);
    known.set(kernel, links);
  }
  return links;
}

function findLinks(kernel: SiteConfig['kernel']): LoadLink[] {
  const links: LoadLink[] = kernel.miners.map((miner) => ({
    loadId: minerLoadId(miner.id),
    kind: 'miner',
    name: miner.name,
    deviceKey: miner.deviceIdentifier,
    ratedW: miner.powerDrawWatts,
  }));
  for (const zone of kernel.zones) {
    if (zone.heaterDeviceId !== null) {
      links.push({
        loadId: heaterLoadId(zone.id),
        kind: 'heater',
        name: `${zone.zoneName} heater`,
        deviceKey: zone.heaterDeviceId,
        ratedW: zone.heaterPowerWatts,
      });
    }
    if (zone.exhaustFanDeviceId !== null) {
      links.push({
        loadId: fanLoadId(zone.id),
        kind: 'fan',
        name: `${zone.zoneName} fan`,
        deviceKey: zone.exhaustFanDeviceId,
        ratedW: null,
      });
    }
  }
  return links;
}

const ROLE_CAPABILITY: Readonly<Record<MeasuringRole, Capability>> = {
  battery: 'battery',
  pv: 'pv',
  load: 'load',
  grid: 'grid',
  temperature: 'thermometer',
};

/** What each open device is to be asked for: its roles, and what miners and zones link to, or did (`left`). */
export function pollRequests(
  config: SiteConfig,
  devices: readonly OpenedDevice[],
  left: readonly LoadLink[],
): PollRequest[] {
  const links = [...loadLinks(config), ...left];
  const requests: PollRequest[] = [];
  for (const { settings, device } of devices) {
    if (!device) continue;
    const capabilities = new Set<Capability>(settings.roles.map((role) => ROLE_CAPABILITY[role]));
    if (config.kernel.zones.some((zone) => zone.temperatureSensorId === settings.key)) {
      capabilities.add('thermometer');
    }
    for (const { deviceKey, kind } of links) {
      if (deviceKey !== settings.key) continue;
      capabilities.add(kind === 'fan' && device.capabilities.fan ? 'fan' : 'switch');
    }
    if (device.capabilities.chargeControl && !settings.former) capabilities.add('charge');
    if (capabilities.size > 0) requests.push({ device, capabilities });
  }
  return requests;
}
