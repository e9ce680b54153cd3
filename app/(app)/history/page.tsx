import type { Metadata } from 'next';
import { MOST_POINTS } from '@/components/charts/layout';
import { HistoryView } from '@/components/history/history-view';
import { StorageCard } from '@/components/history/storage-card';
import { rangeOfView, viewFrom } from '@/components/history/view';
import { requireUser } from '@/lib/auth/session';
import { loadSettings } from '@/lib/cockpit/page-data';
import { loadStorage } from '@/lib/storage/page-data';
import { loadHistory } from '@/lib/telemetry/page-data';

export const metadata: Metadata = { title: 'History' };

interface HistoryPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function HistoryPage({ searchParams }: HistoryPageProps) {
  const user = await requireUser();
  const now = Date.now();
  const range = rangeOfView(viewFrom(await searchParams), now);
  const [settings, storage, history] = await Promise.all([
    loadSettings(user),
    loadStorage(user.ownerId),
    loadHistory({ ownerId: user.ownerId, ...range, maxPoints: MOST_POINTS.narrow }),
  ]);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h1 className="font-semibold text-xl not-print:sr-only">History</h1>
      <HistoryView settings={settings} first={{ range, ...history }} renderedAt={now} />
      <StorageCard storage={storage} now={now} timeZone={settings.timeZone} />
    </div>
  );
}
