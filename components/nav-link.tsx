'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

interface NavLinkProps {
  readonly href: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** A link that says so when it leads to where one is; "/" is one page, any other address stands for all below it. */
export function NavLink({ href, className, children }: NavLinkProps) {
  const path = usePathname();
  const isHere = path === href || (href !== '/' && path.startsWith(`${href}/`));
  return (
    <Link href={href} aria-current={isHere ? 'page' : undefined} className={className}>
      {children}
    </Link>
  );
}
