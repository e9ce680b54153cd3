'use client';

import { useQuery } from '@tanstack/react-query';
import { ExplanationView } from '@/components/cockpit/explanation';
import { read } from '@/components/request';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import type { WireDecision, WireDecisionInFull } from '@/lib/decisions/serialise';

/** Every check of a stored decision, with ages as they were then; asked for when it is shown. */
export function DecisionExplanation({ decision }: { decision: WireDecision }) {
  const { data, isError, refetch } = useQuery({
    queryKey: ['decision', decision.id],
    queryFn: () => read<WireDecisionInFull>(`/api/decisions/${decision.id}`),
    // What was decided does not change.
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  });
  if (isError) {
    return (
      <div role="alert" className="flex flex-wrap items-center gap-3">
        <p>The explanation could not be loaded.</p>
        <Button onClick={() => void refetch()}>Try again</Button>
      </div>
    );
  }
  if (!data) return <Skeleton className="h-28" />;
  return (
    <>
      <ExplanationView load={{ ...data.explanation, name: data.load_name, kind: data.kind }} told={null} />
      <p className="mt-2 text-ink-soft text-xs">
        Settings version {data.config_version} · kernel {data.kernel_version}
      </p>
    </>
  );
}
