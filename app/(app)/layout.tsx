import type { ReactNode } from 'react';
import { QueryProvider } from '@/components/query-provider';
import { SiteHeader } from '@/components/site-header';
import { requireUser } from '@/lib/auth/session';

export default async function AppLayout({ children }: { children: ReactNode }) {
  // Here and in each page: above the loading state a stranger is still redirected by the status line.
  const user = await requireUser();
  return (
    <QueryProvider>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded focus:bg-surface focus:p-3"
      >
        Skip to content
      </a>
      <SiteHeader email={user.email} />
      <main id="content" className="mx-auto max-w-7xl p-4">
        {children}
      </main>
    </QueryProvider>
  );
}
