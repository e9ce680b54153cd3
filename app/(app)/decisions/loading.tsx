import { Skeleton } from '@/components/ui/skeleton';

export default function DecisionsLoading() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Loading decisions</span>
      <Skeleton className="h-18 w-full" />
      <Skeleton className="h-[50rem]" />
    </div>
  );
}
