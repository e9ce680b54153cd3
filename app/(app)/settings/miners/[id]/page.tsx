import type { Metadata } from 'next';
import { MinerForm } from '@/components/miners/miner-form';
import { RowPage } from '@/components/settings/row-page';
import { requireUser } from '@/lib/auth/session';
import { duplicateMiner, removeMiner } from '@/lib/miners/actions';
import { loadMiner } from '@/lib/miners/page-data';
import { removedRow } from '../../removed-row';

export const metadata: Metadata = { title: 'Miner' };

interface MinerPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export default async function MinerSettingsPage({ params }: MinerPageProps) {
  const user = await requireUser();
  const { id } = await params;
  const miner = await loadMiner(user, id);
  if (miner === null) {
    return removedRow(user, { entity: 'miner', id, listHref: '/settings/miners', listLabel: 'All miners' });
  }
  return (
    <RowPage
      id={id}
      name={miner.stored.values.name}
      listHref="/settings/miners"
      listLabel="All miners"
      duplicate={duplicateMiner}
      remove={removeMiner}
    >
      <MinerForm key={id} {...miner} />
    </RowPage>
  );
}
