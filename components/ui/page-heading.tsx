'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { useByBrowser } from '@/components/use-by-browser';

/** For what takes the focus away with it: whoever goes on by keyboard, or listens, goes on at the top of the page. */
export function focusHeading(): void {
  document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
}

interface PageHeadingProps {
  readonly className?: string;
  readonly children: ReactNode;
}

/** The name of a page; it gets the focus where the page takes the place of another one, which had it. */
export function PageHeading({ className = '', children }: PageHeadingProps) {
  const isAlive = useByBrowser(
    () => true,
    () => false,
  );
  // A page that the server sent is read from its top.
  const [cameLater] = useState(isAlive);
  useEffect(() => {
    if (cameLater && document.activeElement === document.body) focusHeading();
  }, [cameLater]);
  return (
    <h1 tabIndex={-1} className={`w-fit font-semibold text-xl ${className}`}>
      {children}
    </h1>
  );
}
