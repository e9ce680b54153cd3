'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { memo, useDeferredValue, useState } from 'react';
import { mostPoints } from '@/components/charts/layout';
import { PowerChart, VoltageChart } from '@/components/charts/lazy';
import { siteClock } from '@/components/site-clock';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ChoiceBar } from '@/components/ui/choice-bar';
import { Skeleton } from '@/components/ui/skeleton';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import { formatMoment, formatPower, formatVoltage } from '@/lib/format';
import type { WireTelemetry } from '@/lib/telemetry/serialise';
import { HistoryTable } from './history-table';
import { ladderOf, ZONE_COLORS } from './ladder';
import { asMeans, extremesOf, type History, historyOf, voltageExtremesOf } from './series';
import { SimulatedTag } from './simulated-tag';

const HOUR_MS = 3_600_000;
const RANGES = {
  '1h': { label: '1 h', words: 'the last hour', spanMs: HOUR_MS, refreshMs: 15_000 },
  '24h': { label: '24 h', words: 'the last 24 hours', spanMs: 24 * HOUR_MS, refreshMs: 60_000 },
  '7d': { label: '7 d', words: 'the last 7 days', spanMs: 168 * HOUR_MS, refreshMs: 300_000 },
} as const;
type Range = keyof typeof RANGES;
const RANGE_OPTIONS = (Object.keys(RANGES) as Range[]).map((value) => ({
  value,
  label: RANGES[value].label,
}));

async function fetchHistory(range: Range): Promise<History> {
  const to = siteClock.now();
  const query = new URLSearchParams({
    from: new Date(to - RANGES[range].spanMs).toISOString(),
    to: new Date(to).toISOString(),
    max_points: String(mostPoints()),
  });
  const response = await fetch(`/api/telemetry?${query}`);
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return historyOf((await response.json()) as WireTelemetry);
}

/** What the charts show, in a sentence each: for who cannot see them, and for who is in a hurry. */
function summaries(history: History, words: string, timeZone: string): { voltage: string; power: string } {
  const moment = (at: number) => formatMoment(at, history.to, timeZone);
  const voltage = voltageExtremesOf(history.points);
  const solar = extremesOf(history.points, (point) => point.pvW);
  const load = extremesOf(history.points, (point) => point.loadW);
  return {
    voltage: voltage
      ? `In ${words} between ${formatVoltage(voltage.lowest.value)} (${moment(voltage.lowest.at)}) and ${formatVoltage(voltage.highest.value)} (${moment(voltage.highest.at)}).`
      : `No voltage was recorded in ${words}.`,
    power:
      solar && load
        ? `In ${words} solar reached ${formatPower(solar.highest.value)} (${moment(solar.highest.at)}), house and loads ${formatPower(load.highest.value)} (${moment(load.highest.at)})${asMeans(history.binSeconds)}.`
        : `No power was recorded in ${words}.`,
  };
}

function Charts({
  history,
  words,
  settings,
}: {
  history: History;
  words: string;
  settings: CockpitSettings;
}) {
  const { timeZone, thresholds, showsSoc } = settings;
  const { from, to, points } = history;
  const extremes = voltageExtremesOf(points);
  const ladder = ladderOf(thresholds, [extremes?.lowest.value ?? null, extremes?.highest.value ?? null]);
  const { voltage, power } = summaries(history, words, timeZone);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
      <figure>
        <figcaption className="mb-2">
          <span className="font-medium">Battery voltage. </span>
          <span className="text-ink-soft">{voltage}</span>
        </figcaption>
        <VoltageChart
          points={points}
          from={from}
          to={to}
          timeZone={timeZone}
          lowestV={ladder.lowestV}
          highestV={ladder.highestV}
          zones={ladder.zones.map(({ fromV, toV, band }) => ({ fromV, toV, color: ZONE_COLORS[band] }))}
          marks={ladder.marks.map(({ volts, names }) => ({
            volts,
            label: `${names.join(', ')} ${formatVoltage(volts, 1)}`,
          }))}
          showsSoc={showsSoc}
        />
      </figure>
      <figure>
        <figcaption className="mb-2">
          <span className="font-medium">Power. </span>
          <span className="text-ink-soft">{power}</span>
        </figcaption>
        <PowerChart points={points} from={from} to={to} timeZone={timeZone} />
      </figure>
      <HistoryTable history={history} timeZone={timeZone} showsSoc={showsSoc} />
    </div>
  );
}

interface HistoryCardProps {
  readonly settings: CockpitSettings;
  readonly className?: string;
}

/** Voltage and power over an hour, a day or a week, kept up to date. It asks for itself: no tick draws it again. */
export const HistoryCard = memo(function HistoryCard({ settings, className }: HistoryCardProps) {
  const [range, setRange] = useState<Range>('24h');
  const {
    data: answered,
    isError,
    refetch,
  } = useQuery({
    queryKey: ['telemetry', range],
    queryFn: () => fetchHistory(range),
    placeholderData: keepPreviousData,
    structuralSharing: false,
    refetchInterval: RANGES[range].refreshMs,
    retry: 2,
  });
  // Drawn in small steps, like a tick.
  const data = useDeferredValue(answered);

  return (
    <Card
      title="History"
      className={className}
      aside={
        <span className="flex flex-wrap items-center gap-3">
          {data && data.simulated !== 'none' && <SimulatedTag share={data.simulated} />}
          <ChoiceBar
            label="Time range of the charts"
            options={RANGE_OPTIONS}
            value={range}
            onChange={setRange}
          />
        </span>
      }
    >
      {isError && (
        <div role="alert" className="mb-4 flex flex-wrap items-center gap-3">
          <p>History could not be loaded{data && '; what stands here is older'}.</p>
          <Button onClick={() => void refetch()}>Try again</Button>
        </div>
      )}
      {data && data.points.length === 0 && (
        <p>Nothing was recorded in {RANGES[range].words}. Points appear as soon as the worker records.</p>
      )}
      {data && data.points.length > 0 && (
        <Charts history={data} words={RANGES[range].words} settings={settings} />
      )}
      {!data && !isError && (
        <div className="grid gap-6" aria-hidden>
          <Skeleton className="h-80" />
          <Skeleton className="h-72" />
        </div>
      )}
    </Card>
  );
});
