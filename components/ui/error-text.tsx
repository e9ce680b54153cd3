'use client';

import { type ReactNode, useEffect, useRef } from 'react';

interface ErrorTextProps {
  readonly children: ReactNode;
  readonly className?: string;
}

/** Why something failed: said aloud, and brought into view, for who pressed may have scrolled on. */
export function ErrorText({ children, className = '' }: ErrorTextProps) {
  const text = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (children) text.current?.scrollIntoView({ block: 'nearest' });
  }, [children]);
  return (
    <p ref={text} role="alert" className={`scroll-my-6 text-danger ${className}`}>
      {children}
    </p>
  );
}
