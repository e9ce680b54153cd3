import { Skeleton } from '@/components/ui/skeleton';

export default function SettingsLoading() {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Loading the settings</span>
      <Skeleton className="h-8 w-40" />
      <Skeleton className="h-72" />
      <Skeleton className="h-96" />
    </div>
  );
}
