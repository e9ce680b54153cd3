import { ChevronLeft } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { MinerActions } from '@/components/miners/miner-actions';
import { MinerForm } from '@/components/miners/miner-form';
import { requireUser } from '@/lib/auth/session';
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
      <Link
        href="/settings/miners"
        className="mb-2 inline-flex min-h-9 items-center gap-1 font-medium text-accent"
      >
        <ChevronLeft aria-hidden className="size-4" />
        All miners
      </Link>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h1 className="wrap-anywhere min-w-0 font-semibold text-xl">{name}</h1>
        <MinerActions id={id} name={name} />
      </div>
      <MinerForm key={id} {...miner} />
    </>
  );
}
