import { Skeleton } from './skeleton';

/** A page while it is read: its parts, from the top, as grey areas of their size. */
export function Loading({ what, parts }: { readonly what: string; readonly parts: readonly string[] }) {
  return (
    <div role="status" className="grid gap-4">
      <span className="sr-only">Loading {what}</span>
      {parts.map((part) => (
        <Skeleton key={part} className={part} />
      ))}
    </div>
  );
}
