'use client';

import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext } from 'react';
import type { LinkState } from '@/components/cockpit/live-connection';
import { NowProvider } from '@/components/cockpit/now';
import { type LiveStatus, useLiveStatus } from '@/components/cockpit/use-live-status';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import type { WireStatus } from '@/lib/status/serialise';

/** The site as it is now. */
interface LiveSite extends LiveStatus {
  readonly link: LinkState;
}

// Apart: a tick draws again what shows the site, not every field of a form.
const Settings = createContext<CockpitSettings | null>(null);
const Site = createContext<LiveSite | null>(null);

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
      <Settings value={settings}>
        <Site value={live}>{children}</Site>
      </Settings>
    </NowProvider>
  );
}

const OUTSIDE = 'Settings components stand inside SiteProvider.';

export function useSite(): LiveSite {
  const site = useContext(Site);
  if (site === null) throw new Error(OUTSIDE);
  return site;
}

/** What every settings page draws with: units, time zone, thresholds. */
export function useSiteSettings(): CockpitSettings {
  const settings = useContext(Settings);
  if (settings === null) throw new Error(OUTSIDE);
  return settings;
}
