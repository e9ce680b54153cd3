import { Skeleton } from '@/components/ui/skeleton';

export default function HistoryLoading() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Loading history</span>
      <Skeleton className="h-11 w-full max-w-3xl" />
      <Skeleton className="h-[70rem]" />
      <Skeleton className="h-40" />
    </div>
  );
}
