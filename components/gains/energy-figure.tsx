'use client';

import dynamic from 'next/dynamic';
import { Skeleton } from '@/components/ui/skeleton';

/** The chart comes after the page: it weighs more than everything else on it. */
export const EnergyFigure = dynamic(() => import('./energy-chart').then((charts) => charts.EnergyChart), {
  ssr: false,
  loading: () => <Skeleton className="h-60 sm:h-68" />,
});
