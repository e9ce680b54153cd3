import type { Metadata } from 'next';
import { AddMiner } from '@/components/miners/add-miner';
import { MinerList } from '@/components/miners/miner-list';
import { PageHeading } from '@/components/ui/page-heading';
import { requireUser } from '@/lib/auth/session';
import { loadMiners } from '@/lib/miners/page-data';

export const metadata: Metadata = { title: 'Miners' };

export default async function MinersSettingsPage() {
  const { miners, etag } = await loadMiners(await requireUser());
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <PageHeading>Miners</PageHeading>
        <AddMiner />
      </div>
      {miners.length === 0 ? (
        <p>There is no miner yet. Add one: it stays off until you have looked at its settings.</p>
      ) : (
        <>
          <p className="mb-3 text-ink-soft">
            Power goes to the first, then to the next. Drag to change the order.
          </p>
          <MinerList miners={miners} etag={etag} />
        </>
      )}
    </>
  );
}
