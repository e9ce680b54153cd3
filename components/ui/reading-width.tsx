import type { ReactNode } from 'react';

/** For what is read line by line: a wide screen makes it no wider. */
export function ReadingWidth({ children }: { children: ReactNode }) {
  return <div className="mx-auto max-w-7xl">{children}</div>;
}
