'use client';

import { Area, ComposedChart, Line, Tooltip, XAxis, YAxis } from 'recharts';
import { formatMoment, formatPercent, formatVoltage } from '@/lib/format';
import { axisTick } from './axis-tick';
import { ChartBox } from './chart-box';
import { ChartLegend } from './chart-legend';
import { ChartTooltip } from './chart-tooltip';
import { LABEL_END_PX, LEFT_AXIS_PX, RIGHT_AXIS_PX } from './layout';
import { ThresholdLayer } from './threshold-layer';
import { OWN_TICKS, timeAxisProps } from './time-axis-props';

export interface VoltagePoint {
  readonly at: number;
  readonly packVoltageV: number | null;
  readonly voltageRangeV: readonly [number, number] | null;
  readonly voltageSocPct: number | null;
  readonly reportedSocPct: number | null;
}

interface VoltageChartProps {
  readonly points: readonly VoltagePoint[];
  readonly from: number;
  readonly to: number;
  readonly timeZone: string;
  readonly lowestV: number;
  readonly highestV: number;
  readonly zones: readonly { readonly fromV: number; readonly toV: number; readonly color: string }[];
  readonly marks: readonly { readonly volts: number; readonly label: string }[];
  readonly showsSoc: boolean;
  /** Room kept on the right where no axis takes it: charts below each other share one time axis. */
  readonly rightInsetPx?: number;
}

const VOLTAGE = { name: 'Voltage', color: 'var(--series-voltage)' };
const ESTIMATE = { name: 'Charge, estimated from voltage', color: 'var(--series-estimate)', dash: '5 3' };
const REPORTED = { name: 'Charge, reported by the battery', color: 'var(--series-reported)', dash: '1.5 3' };

/** Every second whole volt. */
function voltageTicks(lowestV: number, highestV: number): number[] {
  const first = Math.ceil(lowestV / 2) * 2;
  return Array.from({ length: Math.floor((highestV - first) / 2) + 1 }, (_, i) => first + 2 * i);
}

/** Battery voltage with its extremes, between the thresholds; state of charge on the right. */
export function VoltageChart(props: VoltageChartProps) {
  const { points, from, to, timeZone, lowestV, highestV, zones, marks, showsSoc } = props;
  const { rightInsetPx = LABEL_END_PX } = props;
  const hasReported = showsSoc && points.some((point) => point.reportedSocPct !== null);
  const legend = [VOLTAGE, ...(showsSoc ? [ESTIMATE] : []), ...(hasReported ? [REPORTED] : [])];

  return (
    <>
      <ChartBox className="h-64 sm:h-72">
        {(size) => (
          <ComposedChart
            {...size}
            data={points as VoltagePoint[]}
            margin={{ top: 12, right: showsSoc ? 0 : rightInsetPx, bottom: 0, left: 0 }}
            title="Battery voltage over time; arrow keys read out its points"
          >
            <ThresholdLayer lowestV={lowestV} highestV={highestV} zones={zones} marks={marks} />
            <XAxis {...timeAxisProps({ from, to, timeZone })} />
            <YAxis
              yAxisId="volts"
              type="number"
              domain={[lowestV, highestV]}
              allowDataOverflow
              ticks={voltageTicks(lowestV, highestV)}
              {...OWN_TICKS}
              tickFormatter={(volts: number) => `${volts}\u00a0V`}
              tick={axisTick}
              stroke="var(--line-strong)"
              width={LEFT_AXIS_PX}
            />
            {showsSoc && (
              <YAxis
                yAxisId="percent"
                orientation="right"
                type="number"
                domain={[0, 100]}
                ticks={[0, 25, 50, 75, 100]}
                {...OWN_TICKS}
                tickFormatter={(percent: number) => `${percent}\u00a0%`}
                tick={axisTick}
                stroke="var(--line-strong)"
                width={RIGHT_AXIS_PX}
              />
            )}
            <Area
              yAxisId="volts"
              dataKey="voltageRangeV"
              stroke="none"
              fill={VOLTAGE.color}
              fillOpacity={0.22}
              isAnimationActive={false}
              activeDot={false}
              tooltipType="none"
            />
            {showsSoc && (
              <Line
                yAxisId="percent"
                dataKey="voltageSocPct"
                stroke={ESTIMATE.color}
                strokeDasharray={ESTIMATE.dash}
                strokeWidth={1.5}
                dot={false}
                isAnimationActive={false}
              />
            )}
            {hasReported && (
              <Line
                yAxisId="percent"
                dataKey="reportedSocPct"
                stroke={REPORTED.color}
                strokeDasharray={REPORTED.dash}
                strokeWidth={1.5}
                dot={false}
                isAnimationActive={false}
              />
            )}
            <Line
              yAxisId="volts"
              dataKey="packVoltageV"
              stroke={VOLTAGE.color}
              strokeWidth={2}
              dot={false}
              isAnimationActive={false}
            />
            <Tooltip
              isAnimationActive={false}
              content={({ active, payload }) => {
                const point = payload?.[0]?.payload as VoltagePoint | undefined;
                if (!active || !point) return null;
                const range = point.voltageRangeV;
                return (
                  <ChartTooltip
                    title={formatMoment(point.at, to, timeZone)}
                    rows={[
                      { ...VOLTAGE, value: formatVoltage(point.packVoltageV) },
                      ...(range && range[1] - range[0] >= 0.005
                        ? [
                            {
                              name: 'lowest to highest',
                              color: 'transparent',
                              value: `${formatVoltage(range[0])} to ${formatVoltage(range[1])}`,
                            },
                          ]
                        : []),
                      ...(showsSoc ? [{ ...ESTIMATE, value: formatPercent(point.voltageSocPct) }] : []),
                      ...(hasReported ? [{ ...REPORTED, value: formatPercent(point.reportedSocPct) }] : []),
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
