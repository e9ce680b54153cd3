'use client';

import { Copy, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { duplicateMiner, removeMiner } from '@/lib/miners/actions';

const UNREACHABLE = 'The server does not answer. Nothing was changed.';

/** What can be done with a whole miner. */
export function MinerActions({ id, name }: { readonly id: string; readonly name: string }) {
  const router = useRouter();
  const [isPending, setPending] = useState(false);

  const copy = async () => {
    setPending(true);
    const result = await duplicateMiner({ id }).catch(() => null);
    setPending(false);
    if (result?.status === 'created') router.push(`/settings/miners/${result.id}`);
    else toast.error(result?.error ?? UNREACHABLE);
  };
  const remove = async () => {
    setPending(true);
    const result = await removeMiner({ id }).catch(() => null);
    setPending(false);
    if (result?.status !== 'removed') {
      toast.error(result?.error ?? UNREACHABLE);
      return;
    }
    router.push('/settings/miners');
    toast.success(`${name} was deleted.`);
  };

  return (
    <div className="flex flex-wrap gap-2">
      <Button onClick={() => void copy()} disabled={isPending}>
        <Copy aria-hidden className="size-4" />
        Duplicate
      </Button>
      <Button onClick={() => void remove()} disabled={isPending} className="text-danger">
        <Trash2 aria-hidden className="size-4" />
        Delete
      </Button>
    </div>
  );
}
