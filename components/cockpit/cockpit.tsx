'use client';

import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { Card } from '@/components/ui/card';
import { Notice } from '@/components/ui/notice';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import type { WireLoad, WireStatus } from '@/lib/status/serialise';
import { BatteryCard } from './battery-card';
import { conditionsOf } from './conditions';
import { HistoryCard } from './history-card';
import type { LinkState } from './live-connection';
import { LiveLine } from './live-line';
import { LoadCard } from './load-card';
import { ModeSwitch } from './mode-switch';
import { NowProvider } from './now';
import { PowerCard } from './power-card';
import { SimulatedSiteNotice } from './simulated-site-notice';
import { SimulatedTag } from './simulated-tag';
import { SourcesCard } from './sources-card';
import { useLiveStatus } from './use-live-status';
import { ZoneCard } from './zone-card';

interface CockpitProps {
  /** What the server rendered with; null before the worker's first tick. */
  readonly status: WireStatus | null;
  readonly settings: CockpitSettings;
  readonly simulatedLeftOver: boolean;
  readonly renderedAt: number;
}

/** The live page. */
export function Cockpit({ status: initial, settings, simulatedLeftOver, renderedAt }: CockpitProps) {
  const router = useRouter();
  const { status, receivedAt, link } = useLiveStatus({ status: initial, receivedAt: renderedAt }, () =>
    router.refresh(),
  );
  return (
    <NowProvider renderedAt={renderedAt}>
      <h1 className="sr-only">Cockpit</h1>
      {link === 'signed-out' && (
        <Notice tone="danger" title="Your session has ended">
          <a href="/sign-in" className="font-medium underline underline-offset-2">
            Sign in again
          </a>{' '}
          to see what happens now.
        </Notice>
      )}
      {status === null ? (
        <FirstTickAwaited />
      ) : (
        <Live
          status={status}
          receivedAt={receivedAt}
          link={link}
          settings={settings}
          notices={simulatedLeftOver && <SimulatedSiteNotice />}
        />
      )}
    </NowProvider>
  );
}

function FirstTickAwaited() {
  return (
    <Card title="Waiting for the first reading">
      <p>
        The worker is starting: it fills in the simulated week or reaches for your devices. This page goes on
        by itself as soon as the first decision is made.
      </p>
    </Card>
  );
}

interface LiveProps {
  readonly status: WireStatus;
  readonly receivedAt: number;
  readonly link: LinkState;
  readonly settings: CockpitSettings;
  readonly notices: ReactNode;
}

function Live({ status, receivedAt, link, settings, notices }: LiveProps) {
  const conditions = conditionsOf({ status, link, receivedAt, timeZone: settings.timeZone });
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <LiveLine status={status} receivedAt={receivedAt} link={link} />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          {status.simulated && (
            <SimulatedTag share={status.sources.every(({ simulated }) => simulated) ? 'all' : 'some'} />
          )}
          <ModeSwitch mode={status.control_mode} />
        </div>
      </div>
      <div aria-live="polite" className="grid gap-2 empty:hidden">
        {conditions.map(({ key, tone, title, text }) => (
          <Notice key={key} tone={tone} title={title}>
            {text}
          </Notice>
        ))}
      </div>
      {notices}
      <p className="text-lg" data-testid="summary">
        {status.summary}
      </p>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <BatteryCard status={status} receivedAt={receivedAt} settings={settings} />
        <PowerCard status={status} receivedAt={receivedAt} />
      </div>
      <Loads status={status} receivedAt={receivedAt} settings={settings} />
      <HistoryCard settings={settings} />
      <SourcesCard status={status} />
    </div>
  );
}

function Loads({ status, receivedAt, settings }: Pick<LiveProps, 'status' | 'receivedAt' | 'settings'>) {
  const acts = status.control_mode !== 'advisory';
  const miners = status.loads.filter(({ kind }) => kind === 'miner');
  const partsOf = (zoneId: string): WireLoad[] =>
    status.loads.filter(({ kind, load_id }) => kind !== 'miner' && load_id.endsWith(`:${zoneId}`));
  if (miners.length === 0 && status.zones.length === 0) {
    return (
      <Card title="Loads">
        <p>
          There is nothing to switch yet. Add a miner or a zone through the REST API: POST /api/miners or POST
          /api/hvac/zones.
        </p>
      </Card>
    );
  }
  return (
    <>
      {miners.length > 0 && (
        <section aria-label="Miners">
          <h2 className="mb-2 font-semibold text-base">Miners, by priority</h2>
          <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
            {miners.map((load) => (
              <LoadCard key={load.load_id} load={load} receivedAt={receivedAt} acts={acts} />
            ))}
          </div>
        </section>
      )}
      {status.zones.length > 0 && (
        <section aria-label="Zones">
          <h2 className="mb-2 font-semibold text-base">Zones</h2>
          <div className="grid items-start gap-4 md:grid-cols-2 xl:grid-cols-3">
            {status.zones.map((zone) => (
              <ZoneCard
                key={zone.zone_id}
                zone={zone}
                loads={partsOf(zone.zone_id)}
                receivedAt={receivedAt}
                acts={acts}
                displayUnits={settings.displayUnits}
              />
            ))}
          </div>
        </section>
      )}
    </>
  );
}
