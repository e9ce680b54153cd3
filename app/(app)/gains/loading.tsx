import { Skeleton } from '@/components/ui/skeleton';

export default function GainsLoading() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Loading gains</span>
      <Skeleton className="h-18 w-full" />
      <Skeleton className="h-64" />
      <Skeleton className="h-[40rem]" />
    </div>
  );
}
