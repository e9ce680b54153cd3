'use client';

import { useDeferredValue, useMemo, useState } from 'react';
import { HistoryTable } from '@/components/cockpit/history-table';
import { SimulatedTag } from '@/components/cockpit/simulated-tag';
import { DecisionExplanation } from '@/components/decisions/decision-explanation';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Disclosure } from '@/components/ui/disclosure';
import { Modal } from '@/components/ui/modal';
import { Skeleton } from '@/components/ui/skeleton';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import type { WireDecision } from '@/lib/decisions/serialise';
import { formatMoment } from '@/lib/format';
import { PowerFigure, TemperatureFigure, VoltageFigure } from './charts';
import { DecisionList } from './decision-list';
import { ExportLinks } from './export-links';
import { PanZoom } from './pan-zoom';
import { RangeBar } from './range-bar';
import { RunStrips } from './run-strips';
import { type FirstHistory, useHistory, useSettled, useViewClock } from './use-history';
import { useView } from './use-view';
import { rangeOfView, titleOf } from './view';

interface HistoryViewProps {
  readonly settings: CockpitSettings;
  readonly first: FirstHistory;
  readonly renderedAt: number;
}

const NONE: readonly WireDecision[] = [];

/** Any stretch of the past: charts, run strips and decisions on one time axis. */
export function HistoryView({ settings, first, renderedAt }: HistoryViewProps) {
  const { view, setView, held } = useView();
  const [opened, setOpened] = useState<WireDecision | null>(null);
  const now = useViewClock(view, renderedAt);
  const range = useMemo(() => rangeOfView(view, now), [view, now]);
  const settled = useSettled(range);
  const { telemetry, runs, decisions } = useHistory(settled, first);
  // Their marks are many: drawn a little later, in pieces, the page answers meanwhile.
  const marked = useDeferredValue(decisions.data);
  const { timeZone, showsSoc } = settings;

  const history = telemetry.data;
  const failed = telemetry.isError || runs.isError || decisions.isError;
  const retry = () => {
    for (const query of [telemetry, runs, decisions]) if (query.isError) void query.refetch();
  };
  return (
    <>
      <RangeBar view={view} range={range} now={now} timeZone={timeZone} onChange={setView} />
      <Card
        title={titleOf(view, range, timeZone)}
        aside={history && history.simulated !== 'none' && <SimulatedTag share={history.simulated} />}
      >
        <p className="mb-4 hidden print:block">{titleOf({ kind: 'fixed', ...range }, range, timeZone)}</p>
        {failed && (
          <div role="alert" className="mb-4 flex flex-wrap items-center gap-3">
            <p>History could not be loaded{history && '; what stands here is older'}.</p>
            <Button onClick={retry}>Try again</Button>
          </div>
        )}
        {history && history.points.length === 0 && !telemetry.isPlaceholderData && (
          <p className="mb-4">
            Nothing was recorded in this range. Choose another, or go back to the last day.
          </p>
        )}
        {history ? (
          <PanZoom range={range} now={now} held={held} onChange={setView}>
            <VoltageFigure history={history} range={range} settings={settings} />
            {runs.data ? (
              <RunStrips
                runs={runs.data}
                decisions={marked ?? NONE}
                range={range}
                timeZone={timeZone}
                onOpen={setOpened}
              />
            ) : (
              <Skeleton className="h-40" />
            )}
            <PowerFigure history={history} range={range} settings={settings} />
            {runs.data ? (
              <TemperatureFigure history={history} runs={runs.data} range={range} settings={settings} />
            ) : (
              <Skeleton className="h-60" />
            )}
          </PanZoom>
        ) : (
          !failed && (
            <div className="grid gap-6" aria-hidden>
              <Skeleton className="h-88" />
              <Skeleton className="h-40" />
              <Skeleton className="h-80" />
              <Skeleton className="h-60" />
            </div>
          )
        )}
        {history && (
          <div className="mt-4 grid grid-cols-[minmax(0,1fr)] gap-2">
            {marked && <DecisionList decisions={marked} to={now} timeZone={timeZone} onOpen={setOpened} />}
            <HistoryTable history={history} timeZone={timeZone} showsSoc={showsSoc} />
            <Disclosure summary="Download this range">{() => <ExportLinks range={settled} />}</Disclosure>
          </div>
        )}
      </Card>
      {opened && (
        <Modal
          title={opened.load_name}
          onCancel={() => setOpened(null)}
          actions={<Button onClick={() => setOpened(null)}>Close</Button>}
        >
          <p className="text-ink-soft">{formatMoment(Date.parse(opened.at), now, timeZone)}</p>
          <DecisionExplanation decision={opened} />
        </Modal>
      )}
    </>
  );
}
