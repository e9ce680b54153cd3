import type { ReactNode } from 'react';
import { SettingsNav } from '@/components/settings/settings-nav';
import { SettingsToaster } from '@/components/settings/settings-toaster';
import { SiteProvider } from '@/components/settings/site';
import { UnsavedGuard } from '@/components/settings/unsaved-guard';
import { ReadingWidth } from '@/components/ui/reading-width';
import { requireUser } from '@/lib/auth/session';
import { loadLiveSite } from '@/lib/cockpit/page-data';

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <SiteProvider {...(await loadLiveSite(await requireUser()))}>
      <ReadingWidth>
        <SettingsNav />
        <div className="mt-4">{children}</div>
      </ReadingWidth>
      <UnsavedGuard />
      <SettingsToaster />
    </SiteProvider>
  );
}
