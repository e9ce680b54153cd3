'use client';

import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ChevronRight, GripVertical } from 'lucide-react';
import { PageLink } from '@/components/ui/page-link';
import { Tag } from '@/components/ui/tag';
import { formatPower } from '@/lib/format';
import type { ListedMiner } from '@/lib/miners/page-data';
import { levelOf } from './miner-order';
import { MinerVerdict } from './miner-verdict';

/** One miner of the list: its handle, what it is, what it does now, and the way to its settings. */
export function MinerRow({ miner, position }: { readonly miner: ListedMiner; readonly position: number }) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({
      id: miner.id,
    });
  return (
    <li
      ref={setNodeRef}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className={`relative flex items-stretch rounded-lg border bg-surface ${isDragging ? 'z-10 border-accent shadow-lg' : 'border-line'}`}
    >
      <button
        ref={setActivatorNodeRef}
        type="button"
        {...attributes}
        {...listeners}
        aria-label={`Move ${miner.name}`}
        className="grid w-11 shrink-0 touch-none place-items-center rounded-l-lg text-ink-soft hover:bg-sunken"
      >
        <GripVertical aria-hidden className="size-5" />
      </button>
      <div className="grid min-w-0 flex-1 gap-1 py-3">
        <div className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-1">
          <span aria-hidden className="text-ink-soft">
            {levelOf(position)}
          </span>
          <PageLink
            href={`/settings/miners/${miner.id}`}
            className="wrap-anywhere min-w-0 font-semibold after:absolute after:inset-y-0 after:right-0 after:left-11"
          >
            {miner.name}
          </PageLink>
          <span className="text-ink-soft text-xs">
            {formatPower(miner.power_draw_watts)}
            {miner.model && ` · ${miner.model}`}
          </span>
          {!miner.enabled && <Tag tone="neutral">Not enabled</Tag>}
        </div>
        <MinerVerdict id={miner.id} />
      </div>
      <ChevronRight aria-hidden className="mr-3 size-5 shrink-0 self-center text-ink-soft" />
    </li>
  );
}
