import type { Metadata } from 'next';
import { AboutCard } from '@/components/system/about-card';
import { AccountCard } from '@/components/system/account-card';
import { BackupCard } from '@/components/system/backup-card';
import { ConfigurationCard } from '@/components/system/configuration-card';
import { ModeCard } from '@/components/system/mode-card';
import { PhoneCard } from '@/components/system/phone-card';
import { RetentionForm } from '@/components/system/retention-form';
import { SiteForm } from '@/components/system/site-form';
import { TokensCard } from '@/components/system/tokens-card';
import { PageHeading } from '@/components/ui/page-heading';
import { requireUser } from '@/lib/auth/session';
import { loadSystem } from '@/lib/system/page-data';

export const metadata: Metadata = { title: 'System settings' };

export default async function SystemSettingsPage() {
  const user = await requireUser();
  const { preferences, mode, phone, backup, retention, storage, tokens, sessions } = await loadSystem(user);
  return (
    <>
      <PageHeading className="mb-3">System</PageHeading>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <SiteForm stored={preferences} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 lg:grid-cols-2">
          <ModeCard stored={mode ?? 'advisory'} />
          <PhoneCard phone={phone} />
        </div>
        <BackupCard backup={backup} />
        <RetentionForm stored={retention} storage={storage} now={Date.now()} />
        <ConfigurationCard />
        <TokensCard tokens={tokens} />
        <AccountCard email={user.email} sessions={sessions} />
        <AboutCard />
      </div>
    </>
  );
}
