import { notFound } from 'next/navigation';
import type { ComponentProps, ReactNode } from 'react';
import { RemovedPage } from '@/components/settings/removed-page';
import type { SessionHolder } from '@/lib/auth/sessions';
import { loadRemoved } from '@/lib/settings-versions/page-data';

interface RemovedRowOptions extends Omit<ComponentProps<typeof RemovedPage>, 'removed' | 'what'> {
  readonly entity: Parameters<typeof loadRemoved>[1];
  readonly id: string;
}

/** The page of a row that is not there: what became of it, or that there is no such page. */
export async function removedRow(
  user: SessionHolder,
  { entity, id, ...page }: RemovedRowOptions,
): Promise<ReactNode> {
  const removed = await loadRemoved(user, entity, id);
  if (removed === null) notFound();
  return <RemovedPage removed={removed} what={entity} {...page} />;
}
