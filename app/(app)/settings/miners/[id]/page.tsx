import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { MinerForm } from '@/components/miners/miner-form';
import { BackLink } from '@/components/settings/back-link';
import { RowActions } from '@/components/settings/row-actions';
import { requireUser } from '@/lib/auth/session';
import { duplicateMiner, removeMiner } from '@/lib/miners/actions';
import { loadMiner } from '@/lib/miners/page-data';

export const metadata: Metadata = { title: 'Miner' };

interface MinerPageProps {
  readonly params: Promise<{ readonly id: string }>;
}

export default async function MinerSettingsPage({ params }: MinerPageProps) {
  const user = await requireUser();
  const { id } = await params;
  const miner = await loadMiner(user, id);
  if (miner === null) notFound();
  const { name } = miner.stored.values;
  return (
    <>
      <BackLink href="/settings/miners" label="All miners" />
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h1 className="wrap-anywhere min-w-0 font-semibold text-xl">{name}</h1>
        <RowActions
          id={id}
          name={name}
          listHref="/settings/miners"
          duplicate={duplicateMiner}
          remove={removeMiner}
        />
      </div>
      <MinerForm key={id} {...miner} />
    </>
  );
}
