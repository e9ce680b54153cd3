'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

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
    <Link href={href} aria-current={isHere ? 'page' : undefined} className={className}>
      {children}
    </Link>
  );
}
