'use client';

import dynamic from 'next/dynamic';
import { Skeleton } from '@/components/ui/skeleton';

/** The charts that stand on more than one page, loaded after it; until then their room with their legend is kept. */

export const VoltageChart = dynamic(() => import('./voltage-chart').then((charts) => charts.VoltageChart), {
  ssr: false,
  loading: () => <Skeleton className="h-72 sm:h-80" />,
});
export const PowerChart = dynamic(() => import('./power-chart').then((charts) => charts.PowerChart), {
  ssr: false,
  loading: () => <Skeleton className="h-64 sm:h-72" />,
});
