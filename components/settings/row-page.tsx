import type { ComponentProps, ReactNode } from 'react';
import { PageHeading } from '@/components/ui/page-heading';
import { BackLink } from './back-link';
import { RowActions } from './row-actions';

interface RowPageProps extends ComponentProps<typeof RowActions> {
  /** Of the list: "All miners". */
  readonly listLabel: string;
  readonly children: ReactNode;
}

/** The page of one row of a list: the way back, its name, what can be done with the whole of it, and its form. */
export function RowPage({ listLabel, children, ...row }: RowPageProps) {
  return (
    <>
      <BackLink href={row.listHref} label={listLabel} />
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <PageHeading className="wrap-anywhere min-w-0">{row.name}</PageHeading>
        <RowActions {...row} />
      </div>
      {children}
    </>
  );
}
