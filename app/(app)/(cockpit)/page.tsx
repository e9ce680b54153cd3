import type { Metadata } from 'next';
import { Cockpit } from '@/components/cockpit/cockpit';
import { requireUser } from '@/lib/auth/session';
import { loadCockpit } from '@/lib/cockpit/page-data';

export const metadata: Metadata = { title: 'Cockpit' };

export default async function CockpitPage() {
  return <Cockpit {...(await loadCockpit(await requireUser()))} />;
}
