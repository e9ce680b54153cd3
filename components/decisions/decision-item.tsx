'use client';

import { SimulatedWord } from '@/components/cockpit/simulated-tag';
import { VERDICT_LABELS } from '@/components/cockpit/words';
import { Disclosure } from '@/components/ui/disclosure';
import { useOwnersWords } from '@/components/units';
import type { WireDecision } from '@/lib/decisions/serialise';
import { formatTime } from '@/lib/format';
import { DecisionExplanation } from './decision-explanation';
import { VerdictTag } from './verdict-tag';

/** One change of verdict; why, with every check, on demand. */
export function DecisionItem({ decision, timeZone }: { decision: WireDecision; timeZone: string }) {
  const words = useOwnersWords();
  const { previous_verdict: previous } = decision;
  return (
    <article aria-label={`${decision.load_name}, ${formatTime(Date.parse(decision.at), timeZone)}`}>
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <h3 className="min-w-0 wrap-anywhere font-medium">
          <time dateTime={decision.at} className="mr-2 text-ink-soft">
            {formatTime(Date.parse(decision.at), timeZone)}
          </time>
          {decision.load_name}
        </h3>
        <VerdictTag decision={decision} />
      </div>
      <p className="wrap-anywhere">{words(decision.sentence)}</p>
      <p className="text-ink-soft text-xs">
        {previous ? `Before: ${VERDICT_LABELS[previous]}` : 'Its first verdict'}
        {decision.simulated && (
          <>
            {' · '}
            <SimulatedWord />
          </>
        )}
      </p>
      <Disclosure
        summary={
          <>
            Why, in full<span className="sr-only">: {decision.load_name}</span>
          </>
        }
      >
        {() => <DecisionExplanation decision={decision} />}
      </Disclosure>
    </article>
  );
}
