import type { Metadata } from 'next';
import { SetupForm } from '@/components/auth/setup-form';
import { requireStranger } from '@/lib/auth/page-guards';
import { SHORTEST_PASSWORD } from '@/lib/auth/schema';
import { loadNewSiteZone } from '@/lib/preferences/page-data';

export const metadata: Metadata = { title: 'First run' };

interface SetupPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SetupPage({ searchParams }: SetupPageProps) {
  await requireStranger('/setup');
  const { code } = await searchParams;
  return (
    <SetupForm
      code={typeof code === 'string' ? code : ''}
      shortestPassword={SHORTEST_PASSWORD}
      newSiteZone={await loadNewSiteZone()}
    />
  );
}
