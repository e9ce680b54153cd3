import type { ReactNode } from 'react';

/** A whole page that says one thing and what to do about it. */
export function MessagePage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh max-w-md content-center gap-4 p-6">
      <h1 className="font-semibold text-xl">{title}</h1>
      <div className="grid justify-items-start gap-3">{children}</div>
    </main>
  );
}
