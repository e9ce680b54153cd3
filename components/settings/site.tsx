'use client';

import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext } from 'react';
import type { LinkState } from '@/components/cockpit/live-connection';
import { NowProvider } from '@/components/cockpit/now';
import { type LiveStatus, useLiveStatus } from '@/components/cockpit/use-live-status';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import type { WireStatus } from '@/lib/status/serialise';

/** What every settings page draws with: units, time zone, thresholds, and the site as it is now. */
export interface SettingsSite extends LiveStatus {
  readonly settings: CockpitSettings;
  readonly link: LinkState;
}

const Site = createContext<SettingsSite | null>(null);

interface SiteProviderProps {
  readonly status: WireStatus | null;
  readonly settings: CockpitSettings;
  readonly renderedAt: number;
  readonly children: ReactNode;
}

/** One event stream for all settings pages; what is changed elsewhere reaches their forms by a new rendering. */
export function SiteProvider({ status, settings, renderedAt, children }: SiteProviderProps) {
  const router = useRouter();
  const live = useLiveStatus({ status, receivedAt: renderedAt }, () => router.refresh());
  return (
    <NowProvider renderedAt={renderedAt}>
      <Site value={{ ...live, settings }}>{children}</Site>
    </NowProvider>
  );
}

export function useSite(): SettingsSite {
  const site = useContext(Site);
  if (site === null) throw new Error('Settings components stand inside SiteProvider.');
  return site;
}
