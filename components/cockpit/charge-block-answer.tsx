'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { send } from '@/components/request';
import { Button } from '@/components/ui/button';
import type { ChargeBlockAnswer as Answer } from '@/lib/core/commands/types';

const SAID: Readonly<Record<Answer, string>> = {
  keep: 'The block stays.',
  lift: 'It is lifted as soon as it is warm enough.',
};

/** What becomes of a charge block that has outlived automatic control. */
export function ChargeBlockAnswer() {
  const queries = useQueryClient();
  const answer = useMutation({
    mutationFn: (chosen: Answer) => send('PUT', '/api/mode', { charge_block: chosen }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['alerts'] }),
  });
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2">
      <Button className="min-h-9 px-2.5" disabled={answer.isPending} onClick={() => answer.mutate('keep')}>
        Keep the block
      </Button>
      <Button className="min-h-9 px-2.5" disabled={answer.isPending} onClick={() => answer.mutate('lift')}>
        Lift it
      </Button>
      <p role="status" className="empty:hidden">
        {answer.isSuccess && SAID[answer.variables]}
        {answer.isError && answer.error.message}
      </p>
    </div>
  );
}
