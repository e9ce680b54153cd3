'use client';

import { lazyChart } from '@/components/charts/lazy-chart';

export const EnergyFigure = lazyChart(() => import('./energy-chart').then((charts) => charts.EnergyChart), {
  height: 'h-60 sm:h-68',
});
