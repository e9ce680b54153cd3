'use client';

import { useRouter } from 'next/navigation';
import { memo } from 'react';
import { useRememberStatus } from '@/components/offline/offline-support';
import { Card } from '@/components/ui/card';
import { Notice } from '@/components/ui/notice';
import { useOwnersWords } from '@/components/units';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import type { WireStatus } from '@/lib/status/serialise';
import { AlertsCard } from './alerts-card';
import { BatteryCard } from './battery-card';
import { conditionsOf } from './conditions';
import { HistoryCard } from './history-card';
import { KillSwitch } from './kill-switch';
import type { LinkState } from './live-connection';
import { LiveLine } from './live-line';
import { Loads } from './loads';
import { ModeSwitch } from './mode-switch';
import { NowProvider } from './now';
import { PowerCard } from './power-card';
import { Sentence } from './sentence';
import { SimulatedSiteNotice } from './simulated-site-notice';
import { SimulatedTag } from './simulated-tag';
import { SinceStrip } from './since-strip';
import { SourcesCard } from './sources-card';
import { useLiveStatus } from './use-live-status';
import { useRefreshOverrides } from './use-overrides';

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
  const refreshOverrides = useRefreshOverrides();
  const { status, receivedAt, link } = useLiveStatus({ status: initial, receivedAt: renderedAt }, () => {
    router.refresh();
    refreshOverrides();
  });
  useRememberStatus(status, receivedAt);
  return (
    <NowProvider renderedAt={renderedAt}>
      <h1 className="sr-only">Cockpit</h1>
      {status === null ? (
        <FirstTickAwaited />
      ) : (
        <Live
          status={status}
          receivedAt={receivedAt}
          link={link}
          settings={settings}
          simulatedLeftOver={simulatedLeftOver}
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
  readonly simulatedLeftOver: boolean;
}

/** With few loads a wide screen shows them beside the rest: what runs and why without scrolling. */
const MOST_CARDS_BESIDE = 5;
const LOADS_BESIDE = {
  grid: "xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.3fr)] xl:grid-rows-[auto_auto_1fr] xl:[grid-template-areas:'battery_power_loads'_'history_history_loads'_'sources_sources_loads']",
  battery: 'xl:[grid-area:battery]',
  power: 'xl:[grid-area:power]',
  loads: 'xl:[grid-area:loads]',
  history: 'xl:[grid-area:history]',
  sources: 'xl:[grid-area:sources]',
} as const;
const COLUMNS = {
  beside: 'md:grid-cols-2 xl:grid-cols-1',
  below: 'md:grid-cols-2 xl:grid-cols-3 wide:grid-cols-4 vast:grid-cols-5',
} as const;

const Live = memo(function Live(props: LiveProps) {
  const { status, receivedAt, link, settings, simulatedLeftOver } = props;
  const words = useOwnersWords();
  const conditions = conditionsOf({ status, link, receivedAt, timeZone: settings.timeZone });
  const loadCards = status.zones.length + status.loads.filter(({ kind }) => kind === 'miner').length;
  const areas = loadCards <= MOST_CARDS_BESIDE ? LOADS_BESIDE : null;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <p className="wrap-anywhere font-semibold text-xl" data-testid="summary">
            <Sentence text={status.summary} ageMs={status.age_ms} receivedAt={receivedAt} />
          </p>
          <LiveLine status={status} receivedAt={receivedAt} link={link} />
        </div>
        <div className="flex flex-wrap items-center gap-x-1 gap-y-2 sm:gap-x-3">
          {status.simulated && (
            <SimulatedTag share={status.sources.every(({ simulated }) => simulated) ? 'all' : 'some'} />
          )}
          <ModeSwitch mode={status.control_mode} />
          {status.control_mode !== 'paused' && <KillSwitch />}
        </div>
      </div>
      <div aria-live="polite" className="grid gap-2 empty:hidden">
        {conditions.map(({ key, tone, title, text }) => (
          <Notice key={key} tone={tone} title={title}>
            {words(text)}
          </Notice>
        ))}
      </div>
      {simulatedLeftOver && <SimulatedSiteNotice />}
      <SinceStrip timeZone={settings.timeZone} />
      <div className={`grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-2 ${areas?.grid ?? ''}`}>
        <BatteryCard status={status} receivedAt={receivedAt} settings={settings} className={areas?.battery} />
        <PowerCard status={status} receivedAt={receivedAt} className={areas?.power} />
        <Loads
          status={status}
          receivedAt={receivedAt}
          displayUnits={settings.displayUnits}
          timeZone={settings.timeZone}
          columns={areas ? COLUMNS.beside : COLUMNS.below}
          className={`lg:col-span-2 ${areas?.loads ?? ''}`}
        />
        <HistoryCard settings={settings} className={`lg:col-span-2 ${areas?.history ?? ''}`} />
        <div className={`grid gap-4 lg:col-span-2 ${areas?.sources ?? ''}`}>
          <AlertsCard timeZone={settings.timeZone} />
          <SourcesCard status={status} />
        </div>
      </div>
    </div>
  );
});
