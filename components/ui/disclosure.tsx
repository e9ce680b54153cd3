import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';

interface DisclosureProps {
  readonly summary: ReactNode;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** What few need, one press away. */
export function Disclosure({ summary, open, children }: DisclosureProps) {
  return (
    <details open={open} className="group">
      <summary className="inline-flex min-h-10 list-none items-center gap-1 rounded pr-2 font-medium text-accent">
        <ChevronRight aria-hidden className="size-4 group-open:rotate-90" />
        {summary}
      </summary>
      <div className="pt-2">{children}</div>
    </details>
  );
}
