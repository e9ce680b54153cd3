'use client';

import { memo } from 'react';
import { RIGHT_AXIS_PX } from '@/components/charts/layout';
import { PowerChart, TemperatureChart, VoltageChart } from '@/components/charts/lazy';
import type { TemperatureLine } from '@/components/charts/temperature-chart';
import { ladderOf, ZONE_COLORS } from '@/components/cockpit/ladder';
import { asMeans, extremesOf, type History, voltageExtremesOf } from '@/components/cockpit/series';
import type { CockpitSettings } from '@/lib/cockpit/settings';
import { formatMoment, formatPower, formatTemperature, formatVoltage } from '@/lib/format';
import type { WireRuns } from '@/lib/telemetry/serialise';
import type { Range } from './view';

interface ChartProps {
  readonly history: History;
  readonly range: Range;
  readonly settings: CockpitSettings;
}

const within = ({ points }: History, { from, to }: Range) => points.filter(({ at }) => at >= from && at < to);

/** Voltage between the thresholds, with state of charge; the sentence says the same. */
export const VoltageFigure = memo(function VoltageFigure({ history, range, settings }: ChartProps) {
  const { timeZone, thresholds, showsSoc } = settings;
  const extremes = voltageExtremesOf(within(history, range));
  const ladder = ladderOf(thresholds, [extremes?.lowest.value ?? null, extremes?.highest.value ?? null]);
  const moment = (at: number) => formatMoment(at, range.to, timeZone);
  return (
    <figure>
      <figcaption className="mb-2">
        <span className="font-medium">Battery voltage. </span>
        <span className="text-ink-soft">
          {extremes
            ? `Between ${formatVoltage(extremes.lowest.value)} (${moment(extremes.lowest.at)}) and ${formatVoltage(extremes.highest.value)} (${moment(extremes.highest.at)}).`
            : 'Nothing was recorded here.'}
        </span>
      </figcaption>
      <VoltageChart
        points={history.points}
        from={range.from}
        to={range.to}
        timeZone={timeZone}
        lowestV={ladder.lowestV}
        highestV={ladder.highestV}
        zones={ladder.zones.map(({ fromV, toV, band }) => ({ fromV, toV, color: ZONE_COLORS[band] }))}
        marks={ladder.marks.map(({ volts, names }) => ({
          volts,
          label: `${names.join(', ')} ${formatVoltage(volts, 1)}`,
        }))}
        showsSoc={showsSoc}
        rightInsetPx={RIGHT_AXIS_PX}
      />
    </figure>
  );
});

export const PowerFigure = memo(function PowerFigure({ history, range, settings }: ChartProps) {
  const { timeZone } = settings;
  const points = within(history, range);
  const solar = extremesOf(points, (point) => point.pvW);
  const load = extremesOf(points, (point) => point.loadW);
  return (
    <figure>
      <figcaption className="mb-2">
        <span className="font-medium">Power. </span>
        <span className="text-ink-soft">
          {solar && load
            ? `Solar reached ${formatPower(solar.highest.value)}, house and loads ${formatPower(load.highest.value)}${asMeans(history.binSeconds)}.`
            : 'Nothing was recorded here.'}
        </span>
      </figcaption>
      <PowerChart
        points={history.points}
        from={range.from}
        to={range.to}
        timeZone={timeZone}
        rightInsetPx={RIGHT_AXIS_PX}
      />
    </figure>
  );
});

export const TemperatureFigure = memo(function TemperatureFigure({
  history,
  runs,
  range,
  settings,
}: ChartProps & { runs: WireRuns }) {
  const { timeZone, displayUnits } = settings;
  const byInstant = new Map(history.points.map((point) => [point.at, point.batteryTemperatureC]));
  const at = runs.at.map((text) => Date.parse(text));
  const lines: TemperatureLine[] = [
    { name: 'Battery', celsius: at.map((instant) => byInstant.get(instant) ?? null) },
    ...runs.zones.map((zone) => ({ name: zone.name, celsius: zone.temperature_c })),
  ].filter(({ celsius }) => celsius.some((value) => value !== null));
  if (lines.length === 0) return null;
  const spans = lines.map(({ name, celsius }) => {
    const known = celsius.filter((value) => value !== null);
    const words = (value: number) => formatTemperature(value, displayUnits);
    return `${name} ${words(Math.min(...known))} to ${words(Math.max(...known))}`;
  });
  return (
    <figure>
      <figcaption className="mb-2">
        <span className="font-medium">Temperatures. </span>
        <span className="text-ink-soft">
          {spans.join(', ')}
          {asMeans(runs.bin_seconds)}.
        </span>
      </figcaption>
      <TemperatureChart
        at={at}
        lines={lines}
        from={range.from}
        to={range.to}
        timeZone={timeZone}
        displayUnits={displayUnits}
        rightInsetPx={RIGHT_AXIS_PX}
      />
    </figure>
  );
});
