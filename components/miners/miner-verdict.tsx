'use client';

import { Sentence } from '@/components/cockpit/sentence';
import { verdictWord } from '@/components/cockpit/words';
import { useSite } from '@/components/settings/site';
import { Tag } from '@/components/ui/tag';
import { minerLoadId } from '@/lib/core/loads';

/** What the worker decides about a miner now, and why. */
export function MinerVerdict({ id }: { readonly id: string }) {
  const { status, receivedAt } = useSite();
  const load = status?.loads.find(({ load_id }) => load_id === minerLoadId(id));
  if (status === null || load === undefined) return <p className="text-ink-soft">Not decided about yet.</p>;
  const word = verdictWord(load, status.control_mode !== 'advisory');
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1" data-testid="live-verdict">
      <Tag tone={word.tone} icon={word.icon}>
        {word.label}
      </Tag>
      <p className="wrap-anywhere min-w-0 text-ink-soft">
        <Sentence text={load.sentence} ageMs={status.age_ms} receivedAt={receivedAt} />
      </p>
    </div>
  );
}
