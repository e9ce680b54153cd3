'use client';

import { lazyChart } from './lazy-chart';

/** The charts of the app, none of which a page waits for. */

export const VoltageChart = lazyChart(() => import('./voltage-chart').then((charts) => charts.VoltageChart), {
  height: 'h-72 sm:h-80',
});
export const PowerChart = lazyChart(() => import('./power-chart').then((charts) => charts.PowerChart), {
  height: 'h-64 sm:h-72',
});
export const TemperatureChart = lazyChart(
  () => import('./temperature-chart').then((charts) => charts.TemperatureChart),
  { height: 'h-52 sm:h-60' },
);
