'use client';

import { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';
import { PageLink } from './ui/page-link';

interface NavLinkProps {
  readonly href: string;
  /** What it stands for, where that is more than its own address. */
  readonly section?: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** A link that says so when it leads to where one is; "/" is one page, any other address stands for all below it. */
export function NavLink({ href, section = href, className, children }: NavLinkProps) {
  const path = usePathname();
  const isHere = path === section || (section !== '/' && path.startsWith(`${section}/`));
  return (
    <PageLink href={href} aria-current={isHere ? 'page' : undefined} className={className}>
      <Label>{children}</Label>
    </PageLink>
  );
}

/** Pulses from the press until its page is there: pages come whole, without a grey one in between. */
function Label({ children }: { readonly children: ReactNode }) {
  const { pending } = useLinkStatus();
  return <span className={pending ? 'text-accent motion-safe:animate-pulse' : undefined}>{children}</span>;
}
