import { Skeleton } from '@/components/ui/skeleton';

export default function CockpitLoading() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Loading the cockpit</span>
      <Skeleton className="h-9 w-full max-w-md" />
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton className="h-80" />
        <Skeleton className="h-80" />
      </div>
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Skeleton className="h-48" />
        <Skeleton className="h-48" />
        <Skeleton className="h-48" />
      </div>
      <Skeleton className="h-96" />
    </div>
  );
}
