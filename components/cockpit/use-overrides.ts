'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { read, send } from '@/components/request';
import type { OverrideInput } from '@/lib/overrides/schema';
import type { serialiseOverride } from '@/lib/overrides/serialise';

export type WireOverride = ReturnType<typeof serialiseOverride>;

const OVERRIDES_KEY = ['overrides'] as const;

/** The overrides in force, by load. Null while they are not known. */
export function useOverrides(): ReadonlyMap<string, WireOverride> | null {
  const { data } = useQuery({
    queryKey: OVERRIDES_KEY,
    queryFn: () => read<WireOverride[]>('/api/overrides'),
    // One that has ended by its time changes no setting: nothing tells of it.
    refetchInterval: 60_000,
  });
  if (data === undefined) return null;
  return new Map(data.filter(({ active }) => active).map((override) => [override.load_id, override]));
}

/** Asks again: somebody set or ended one. */
export function useRefreshOverrides(): () => void {
  const client = useQueryClient();
  return () => void client.invalidateQueries({ queryKey: OVERRIDES_KEY });
}

/** Sets an override and ends one; the page shows what the server stored. */
export function useChangeOverride() {
  const client = useQueryClient();
  const settled = () => client.invalidateQueries({ queryKey: OVERRIDES_KEY });
  const create = useMutation({
    mutationFn: (input: OverrideInput) => send<WireOverride>('POST', '/api/overrides', input),
    onSettled: settled,
  });
  const end = useMutation({
    mutationFn: (id: string) => send<void>('DELETE', `/api/overrides/${id}`),
    onSettled: settled,
  });
  return { create, end };
}
