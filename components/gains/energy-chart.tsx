'use client';

import { Bar, BarChart, CartesianGrid, ReferenceLine, Tooltip, XAxis, YAxis } from 'recharts';
import { axisTick } from '@/components/charts/axis-tick';
import { ChartBox } from '@/components/charts/chart-box';
import { ChartLegend } from '@/components/charts/chart-legend';
import { ChartTooltip } from '@/components/charts/chart-tooltip';
import { LEFT_AXIS_PX } from '@/components/charts/layout';
import { formatKwh } from '@/lib/format';

export interface EnergyBar {
  readonly label: string;
  readonly pvKwh: number | null;
  readonly loadKwh: number | null;
  readonly minedKwh: number | null;
  readonly importKwh: number | null;
}

const SOLAR = { name: 'Solar', color: 'var(--series-pv)', key: 'pvKwh' } as const;
const LOAD = { name: 'House and loads', color: 'var(--series-load)', key: 'loadKwh' } as const;
const MINED = { name: 'Miners', color: 'var(--series-battery)', key: 'minedKwh' } as const;
const IMPORT = { name: 'Import', color: 'var(--series-grid)', key: 'importKwh' } as const;

/** Energies side by side, kWh per period. */
export function EnergyChart({ bars }: { bars: readonly EnergyBar[] }) {
  const hasImport = bars.some(({ importKwh }) => (importKwh ?? 0) > 0);
  const series = [SOLAR, LOAD, MINED, ...(hasImport ? [IMPORT] : [])];
  return (
    <>
      <ChartBox className="h-56 sm:h-64">
        {(size) => (
          <BarChart
            {...size}
            data={bars as EnergyBar[]}
            margin={{ top: 12, right: 8, bottom: 0, left: 0 }}
            barGap={0}
            title="Energy by period; arrow keys read out its bars"
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis dataKey="label" tick={axisTick} stroke="var(--line-strong)" minTickGap={12} />
            <YAxis
              tickFormatter={(kilowattHours: number) => `${kilowattHours}\u00a0kWh`}
              interval={0}
              tick={axisTick}
              stroke="var(--line-strong)"
              width={LEFT_AXIS_PX + 12}
            />
            <ReferenceLine y={0} stroke="var(--line-strong)" />
            {series.map(({ key, color }) => (
              <Bar key={key} dataKey={key} fill={color} isAnimationActive={false} />
            ))}
            <Tooltip
              isAnimationActive={false}
              cursor={{ fill: 'var(--sunken)' }}
              content={({ active, payload }) => {
                const bar = payload?.[0]?.payload as EnergyBar | undefined;
                if (!active || !bar) return null;
                return (
                  <ChartTooltip
                    title={bar.label}
                    rows={series.map(({ name, color, key }) => ({ name, color, value: formatKwh(bar[key]) }))}
                  />
                );
              }}
            />
          </BarChart>
        )}
      </ChartBox>
      <ChartLegend entries={series} />
    </>
  );
}
