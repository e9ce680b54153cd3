'use client';

import { verdictWord } from '@/components/cockpit/words';
import { useSite } from '@/components/settings/site';
import { Tag } from '@/components/ui/tag';
import { useOwnersWords } from '@/components/units';
import { minerLoadId } from '@/lib/core/loads';

/** What the worker decides about a miner now, and why. */
export function MinerVerdict({ id }: { readonly id: string }) {
  const { status } = useSite();
  const words = useOwnersWords();
  const load = status?.loads.find(({ load_id }) => load_id === minerLoadId(id));
  if (load === undefined) return <p className="text-ink-soft">Not decided about yet.</p>;
  const word = verdictWord(load, status?.control_mode !== 'advisory');
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1" data-testid="live-verdict">
      <Tag tone={word.tone} icon={word.icon}>
        {word.label}
      </Tag>
      <p className="wrap-anywhere min-w-0 text-ink-soft">{words(load.sentence)}</p>
    </div>
  );
}
