import type { Metadata } from 'next';
import { HistoryView } from '@/components/history/history-view';
import { StorageCard } from '@/components/history/storage-card';
import { viewFrom } from '@/components/history/view';
import { requireUser } from '@/lib/auth/session';
import { loadSettings } from '@/lib/cockpit/page-data';
import { loadStorage } from '@/lib/storage/page-data';

export const metadata: Metadata = { title: 'History' };

interface HistoryPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function HistoryPage({ searchParams }: HistoryPageProps) {
  const user = await requireUser();
  const [settings, storage, params] = await Promise.all([
    loadSettings(user),
    loadStorage(user.ownerId),
    searchParams,
  ]);
  const now = Date.now();
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h1 className="sr-only">History</h1>
      <HistoryView initialView={viewFrom(params)} settings={settings} renderedAt={now} />
      <StorageCard storage={storage} now={now} timeZone={settings.timeZone} />
    </div>
  );
}
