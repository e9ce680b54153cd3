'use client';

import { CartesianGrid, Line, LineChart, Tooltip, XAxis, YAxis } from 'recharts';
import type { DisplayUnits } from '@/lib/core/types';
import { formatMoment, formatTemperature, temperatureUnit, toOwnersDegrees } from '@/lib/format';
import { axisTick } from './axis-tick';
import { ChartBox } from './chart-box';
import { ChartLegend } from './chart-legend';
import { ChartTooltip } from './chart-tooltip';
import { LEFT_AXIS_PX } from './layout';
import { timeAxisProps } from './time-axis-props';

export interface TemperatureLine {
  readonly name: string;
  /** One per instant, °C; null = not known. */
  readonly celsius: readonly (number | null)[];
}

interface TemperatureChartProps {
  /** Epoch ms, ascending. */
  readonly at: readonly number[];
  readonly lines: readonly TemperatureLine[];
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly displayUnits: DisplayUnits;
  readonly rightInsetPx: number;
}

interface Look {
  readonly color: string;
  readonly dash?: string;
}

const LOOKS: readonly [Look, ...Look[]] = [
  { color: 'var(--series-battery)' },
  { color: 'var(--series-voltage)', dash: '5 2' },
  { color: 'var(--series-reported)', dash: '1.5 3' },
  { color: 'var(--series-estimate)', dash: '8 3 2 3' },
  { color: 'var(--series-pv)', dash: '3 2' },
];
const lookOf = (i: number) => LOOKS[i % LOOKS.length] ?? LOOKS[0];

/** Temperatures of the battery and of each zone over time, in the owner's degrees. */
export function TemperatureChart(props: TemperatureChartProps) {
  const { at, lines, from, to, timeZone, displayUnits, rightInsetPx } = props;
  const legend = lines.map(({ name }, i) => ({ name, ...lookOf(i) }));
  const points = at.map((instant, i) => ({
    at: instant,
    values: lines.map(({ celsius }) => {
      const value = celsius[i] ?? null;
      return value === null ? null : toOwnersDegrees(value, displayUnits);
    }),
    celsius: lines.map(({ celsius }) => celsius[i] ?? null),
  }));
  return (
    <>
      <ChartBox className="h-44 sm:h-52">
        {(size) => (
          <LineChart
            {...size}
            data={points}
            margin={{ top: 12, right: rightInsetPx, bottom: 0, left: 0 }}
            title="Temperatures over time; arrow keys read out the points"
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis {...timeAxisProps({ from, to, timeZone })} />
            <YAxis
              type="number"
              domain={['auto', 'auto']}
              tickFormatter={(degrees: number) =>
                `${String(Math.round(degrees)).replace('-', '−')}\u00a0${temperatureUnit(displayUnits)}`
              }
              tickCount={5}
              allowDecimals={false}
              interval={0}
              tick={axisTick}
              stroke="var(--line-strong)"
              width={LEFT_AXIS_PX}
            />
            {legend.map(({ name, color, dash }, i) => (
              <Line
                key={name}
                dataKey={(point: (typeof points)[number]) => point.values[i]}
                stroke={color}
                strokeDasharray={dash}
                strokeWidth={1.5}
                dot={false}
                isAnimationActive={false}
              />
            ))}
            <Tooltip
              isAnimationActive={false}
              content={({ active, payload }) => {
                const point = payload?.[0]?.payload as (typeof points)[number] | undefined;
                if (!active || !point) return null;
                return (
                  <ChartTooltip
                    title={formatMoment(point.at, to, timeZone)}
                    rows={legend.map(({ name, color }, i) => ({
                      name,
                      color,
                      value: formatTemperature(point.celsius[i] ?? null, displayUnits),
                    }))}
                  />
                );
              }}
            />
          </LineChart>
        )}
      </ChartBox>
      <ChartLegend entries={legend} />
    </>
  );
}
