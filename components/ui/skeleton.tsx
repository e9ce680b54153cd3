interface SkeletonProps {
  /** Its size. */
  readonly className: string;
  /** It may be out of sight for long: what pulses there keeps the processor awake all the same. */
  readonly isStill?: boolean;
}

/** Holds the place of what is loading. */
export function Skeleton({ className, isStill = false }: SkeletonProps) {
  const motion = isStill ? '' : 'motion-safe:animate-pulse';
  return <div aria-hidden className={`rounded-md bg-sunken ${motion} ${className}`} />;
}
