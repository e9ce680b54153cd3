'use client';

import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { useRouter } from 'next/navigation';
import { useEffect, useId, useRef, useState } from 'react';
import { toast } from 'sonner';
import { exchange } from '@/components/request';
import { sayUndoable } from '@/components/settings/say-undoable';
import type { ListedMiner } from '@/lib/miners/page-data';
import { LOWEST_LEVEL, moved } from './miner-order';
import { MinerRow } from './miner-row';

interface MinerListProps {
  readonly miners: readonly ListedMiner[];
  /** Of their order: one that was changed elsewhere is not overwritten. */
  readonly etag: string;
}

/** The miners in the order in which they are served, moved by mouse, touch or keyboard. */
export function MinerList({ miners: stored, etag }: MinerListProps) {
  const router = useRouter();
  const [miners, setMiners] = useState(stored);
  const id = useId();
  const base = useRef(etag);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    setMiners(stored);
    base.current = etag;
  }, [stored, etag]);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 150, tolerance: 8 } }),
    // A page that glides under a miner on its way is neither calm nor, for the next key, in its place yet.
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates, scrollBehavior: 'auto' }),
  );

  /** One order after the other, each on the one before. */
  const store = (next: readonly ListedMiner[]): Promise<void> => {
    const work = async () => {
      const body = { ids: next.map((miner) => miner.id) };
      const made = await exchange('PUT', '/api/miners/order', { body, etag: base.current });
      base.current = made.etag ?? base.current;
    };
    const result = queue.current.then(work);
    queue.current = result.catch(() => {});
    return result;
  };
  const arrange = async (next: readonly ListedMiner[], before: readonly ListedMiner[]) => {
    setMiners(next);
    try {
      await store(next);
      sayUndoable('Order saved. In force from the next tick.', () => void arrange(before, next));
    } catch (error) {
      setMiners(before);
      toast.error(error instanceof Error ? error.message : 'The order was not saved.');
      // Where it was changed elsewhere, that order is shown next.
      router.refresh();
    }
  };
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over === null) return;
    const next = moved(miners, String(active.id), String(over.id));
    if (next !== miners) void arrange(next, miners);
  };

  return (
    <>
      <DndContext
        id={id}
        sensors={sensors}
        collisionDetection={closestCenter}
        onDragEnd={onDragEnd}
        accessibility={{ announcements: announcementsOf(miners), screenReaderInstructions: INSTRUCTIONS }}
      >
        <SortableContext items={miners.map((miner) => miner.id)} strategy={verticalListSortingStrategy}>
          <ol aria-label="Miners, first served first" className="grid gap-2">
            {miners.map((miner, index) => (
              <MinerRow key={miner.id} miner={miner} position={index + 1} />
            ))}
          </ol>
        </SortableContext>
      </DndContext>
      {miners.length > LOWEST_LEVEL && (
        <p className="mt-2 text-ink-soft">
          There are {LOWEST_LEVEL} levels: miners from place {LOWEST_LEVEL} on share the last one and are
          served by name.
        </p>
      )}
    </>
  );
}

const INSTRUCTIONS = {
  draggable:
    'Press space to pick the miner up, arrow keys to move it, space again to put it down, escape to leave it.',
};

function announcementsOf(miners: readonly ListedMiner[]): Announcements {
  const nameOf = (id: unknown) => miners.find((miner) => miner.id === id)?.name ?? 'The miner';
  const placeOf = (id: unknown) => miners.findIndex((miner) => miner.id === id) + 1;
  const of = `of ${miners.length}`;
  return {
    onDragStart: ({ active }) => `${nameOf(active.id)} is picked up, place ${placeOf(active.id)} ${of}.`,
    onDragOver: ({ active, over }) =>
      over ? `${nameOf(active.id)} is over place ${placeOf(over.id)} ${of}.` : undefined,
    onDragEnd: ({ active, over }) =>
      over
        ? `${nameOf(active.id)} is put at place ${placeOf(over.id)} ${of}.`
        : `${nameOf(active.id)} stays.`,
    onDragCancel: ({ active }) => `${nameOf(active.id)} stays at place ${placeOf(active.id)}.`,
  };
}
