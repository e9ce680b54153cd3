import type { ReactNode } from 'react';
import { SessionGuard } from '@/components/auth/session-guard';
import { InstallHint } from '@/components/offline/install-hint';
import { OfflineSupport } from '@/components/offline/offline-support';
import { QueryProvider } from '@/components/query-provider';
import { SiteHeader } from '@/components/site-header';
import { UnitsProvider } from '@/components/units';
import { requireUser } from '@/lib/auth/session';
import { loadSettings } from '@/lib/cockpit/page-data';

export default async function AppLayout({ children }: { children: ReactNode }) {
  // Here and in each page: a layout is kept from page to page, so it does not see every request.
  const user = await requireUser();
  const { displayUnits } = await loadSettings(user);
  return (
    <QueryProvider>
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:z-10 focus:m-2 focus:rounded focus:bg-surface focus:p-3"
      >
        Skip to content
      </a>
      <SiteHeader email={user.email} />
      <OfflineSupport />
      <main id="content" className="mx-auto max-w-7xl p-4 wide:max-w-screen-vast print:p-0">
        <SessionGuard />
        <UnitsProvider units={displayUnits}>{children}</UnitsProvider>
      </main>
      <InstallHint />
    </QueryProvider>
  );
}
