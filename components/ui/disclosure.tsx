'use client';

import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';

interface DisclosureProps {
  readonly summary: ReactNode;
  /** A function: not made before it is opened. */
  readonly children: ReactNode | (() => ReactNode);
}

/** What few need, one press away. */
export function Disclosure({ summary, children }: DisclosureProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="group not-open:print:hidden"
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
    >
      <summary className="inline-flex min-h-10 list-none items-center gap-1 rounded pr-2 font-medium text-accent print:text-ink">
        <ChevronRight aria-hidden className="size-4 group-open:rotate-90 print:hidden" />
        {summary}
      </summary>
      <div className="pt-2">{typeof children === 'function' ? isOpen && children() : children}</div>
    </details>
  );
}
