'use client';

import { Copy, Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { callAction, isRefusal } from '@/components/call-action';
import { Button } from '@/components/ui/button';
import type { Refusal } from '@/lib/action';
import { sayRemoved } from './say-undoable';
import { setLeaving } from './unsaved';

type Removal = { readonly status: 'removed'; readonly versionId: number } | Refusal;

interface RowActionsProps {
  readonly id: string;
  readonly name: string;
  /** The list it stands in; a copy's page lies below it. */
  readonly listHref: string;
  readonly duplicate: (row: {
    id: string;
  }) => Promise<{ readonly status: 'created'; readonly id: string } | Refusal>;
  readonly remove: (row: { id: string }) => Promise<Removal>;
}

/** What can be done with a whole row: copy it, delete it and bring it back. */
export function RowActions({ id, name, listHref, duplicate, remove }: RowActionsProps) {
  const router = useRouter();
  const [isPending, setPending] = useState(false);

  const run = async <Result extends { readonly status: string }>(
    action: (row: { id: string }) => Promise<Result | Refusal>,
  ): Promise<Result | Refusal> => {
    setPending(true);
    const result = await callAction(() => action({ id }));
    setPending(false);
    if (isRefusal(result)) toast.error(result.error);
    return result;
  };
  const copy = async () => {
    const result = await run(duplicate);
    if (result.status === 'created') router.push(`${listHref}/${result.id}`);
  };
  const drop = async () => {
    const result = await run(remove);
    if (result.status !== 'removed') return;
    router.push(listHref);
    sayRemoved(name, result.versionId);
  };

  return (
    <div className="flex flex-wrap gap-2">
      {/* It leads to the copy: asked about as any other way from here. */}
      <Button onClick={() => setLeaving({ by: () => void copy() })} disabled={isPending}>
        <Copy aria-hidden className="size-4" />
        Duplicate
      </Button>
      <Button variant="removal" onClick={() => void drop()} disabled={isPending}>
        <Trash2 aria-hidden className="size-4" />
        Delete
      </Button>
    </div>
  );
}
