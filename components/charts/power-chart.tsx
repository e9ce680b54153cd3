'use client';

import { Area, CartesianGrid, ComposedChart, Line, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { formatMoment, formatPower } from '@/lib/format';
import { axisTick } from './axis-tick';
import { ChartBox } from './chart-box';
import { ChartLegend } from './chart-legend';
import { ChartTooltip } from './chart-tooltip';
import { LABEL_END_PX, LEFT_AXIS_PX } from './layout';
import { powerTicks } from './power-axis';
import { OWN_TICKS, timeAxisProps } from './time-axis-props';

export interface PowerPoint {
  readonly at: number;
  readonly pvW: number | null;
  readonly loadW: number | null;
  readonly batteryPowerW: number | null;
  readonly gridW: number | null;
}

interface PowerChartProps {
  readonly points: readonly PowerPoint[];
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  /** Room kept on the right: charts below each other share one time axis. */
  readonly rightInsetPx?: number;
}

const SOLAR = { name: 'Solar', color: 'var(--series-pv)' };
const LOAD = { name: 'House and loads', color: 'var(--series-load)' };
const BATTERY = { name: 'Battery (+ charging)', color: 'var(--series-battery)', dash: '5 2' };
const GRID = { name: 'Grid or generator (+ import)', color: 'var(--series-grid)', dash: '8 3 2 3' };
/** Off-grid, a line along zero says nothing. */
const WORTH_SHOWING_W = 20;

/** Solar, house, battery and grid over time, kW. */
export function PowerChart({ points, from, to, timeZone, rightInsetPx = LABEL_END_PX }: PowerChartProps) {
  const ticks = powerTicks(points);
  const hasGrid = points.some((point) => Math.abs(point.gridW ?? 0) > WORTH_SHOWING_W);
  const legend = [SOLAR, LOAD, BATTERY, ...(hasGrid ? [GRID] : [])];
  const line = (dataKey: keyof PowerPoint, look: { color: string; dash?: string }) => (
    <Line
      dataKey={dataKey}
      stroke={look.color}
      strokeDasharray={look.dash}
      strokeWidth={1.5}
      dot={false}
      isAnimationActive={false}
    />
  );

  return (
    <>
      <ChartBox className="h-56 sm:h-64">
        {(size) => (
          <ComposedChart
            {...size}
            data={points as PowerPoint[]}
            margin={{ top: 12, right: rightInsetPx, bottom: 0, left: 0 }}
            title="Power over time; arrow keys read out its points"
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis {...timeAxisProps({ from, to, timeZone })} />
            <YAxis
              type="number"
              domain={[ticks[0] ?? 0, ticks.at(-1) ?? 1000]}
              ticks={ticks}
              {...OWN_TICKS}
              tickFormatter={(watts: number) => `${(watts / 1000).toFixed(0).replace('-', '−')}\u00a0kW`}
              tick={axisTick}
              stroke="var(--line-strong)"
              width={LEFT_AXIS_PX}
            />
            <ReferenceLine y={0} stroke="var(--line-strong)" />
            <Area
              dataKey="pvW"
              stroke={SOLAR.color}
              strokeWidth={1.5}
              fill={SOLAR.color}
              fillOpacity={0.2}
              isAnimationActive={false}
            />
            {line('loadW', LOAD)}
            {line('batteryPowerW', BATTERY)}
            {hasGrid && line('gridW', GRID)}
            <Tooltip
              isAnimationActive={false}
              content={({ active, payload }) => {
                const point = payload?.[0]?.payload as PowerPoint | undefined;
                if (!active || !point) return null;
                return (
                  <ChartTooltip
                    title={formatMoment(point.at, to, timeZone)}
                    rows={[
                      { ...SOLAR, value: formatPower(point.pvW) },
                      { ...LOAD, value: formatPower(point.loadW) },
                      { ...BATTERY, value: formatPower(point.batteryPowerW) },
                      ...(hasGrid ? [{ ...GRID, value: formatPower(point.gridW) }] : []),
                    ]}
                  />
                );
              }}
            />
          </ComposedChart>
        )}
      </ChartBox>
      <ChartLegend entries={legend} />
    </>
  );
}
