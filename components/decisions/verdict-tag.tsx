import { verdictWord } from '@/components/cockpit/words';
import { Tag } from '@/components/ui/tag';
import type { WireDecision } from '@/lib/decisions/serialise';

/** What was decided then; what became of it is not in it. */
export function VerdictTag({ decision }: { decision: WireDecision }) {
  const { kind, verdict, binding } = decision;
  const word = verdictWord({ kind, verdict, binding: null, observed: 'unknown' }, true);
  return (
    <span data-testid="verdict" data-verdict={verdict} data-binding={binding}>
      <Tag tone={word.tone} icon={word.icon}>
        {word.label}
      </Tag>
    </span>
  );
}
