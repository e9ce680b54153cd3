/** Holds the place of what is loading; its size comes from the class name. */
export function Skeleton({ className }: { className: string }) {
  return <div aria-hidden className={`motion-safe:animate-pulse rounded-md bg-sunken ${className}`} />;
}
