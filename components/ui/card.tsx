import type { ReactNode } from 'react';

interface CardProps {
  readonly title: string;
  /** Beside the title: a tag, a switch. */
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A section of its own with a heading that screen readers can jump to. */
export function Card({ title, aside, className = '', children }: CardProps) {
  return (
    <section
      aria-label={title}
      className={`min-w-0 rounded-lg border border-line bg-surface p-4 print:rounded-none print:border-x-0 print:border-b-0 print:px-0 ${className}`}
    >
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-3 gap-y-2">
        <h2 className="font-semibold text-base">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
