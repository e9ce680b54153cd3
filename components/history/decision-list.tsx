import { VerdictTag } from '@/components/decisions/verdict-tag';
import { Disclosure } from '@/components/ui/disclosure';
import { PageLink } from '@/components/ui/page-link';
import type { WireDecision } from '@/lib/decisions/serialise';
import { counted, formatMoment } from '@/lib/format';
import { MOST_MARKS } from './use-history';

interface DecisionListProps {
  readonly decisions: readonly WireDecision[];
  readonly to: number;
  readonly timeZone: string;
  readonly onOpen: (decision: WireDecision) => void;
}

/** The marks of the run strips as a list: for keyboard and screen reader, and to read. */
export function DecisionList({ decisions, to, timeZone, onOpen }: DecisionListProps) {
  if (decisions.length === 0) return <p className="text-ink-soft">No verdict changed in this range.</p>;
  const isCut = decisions.length >= MOST_MARKS;
  return (
    <>
      <p className="text-ink-soft">
        {isCut
          ? `The newest ${MOST_MARKS} changes of verdict are marked; zoom in to see the others.`
          : `${counted(decisions.length, 'change')} of verdict, each a mark on its load.`}{' '}
        <PageLink href="/decisions" className="text-accent underline print:hidden">
          All decisions
        </PageLink>
      </p>
      <Disclosure summary="As a list">
        {() => (
          <ul className="max-h-96 divide-y divide-line overflow-y-auto print:max-h-none border-line border-y">
            {decisions.map((decision) => (
              <li key={decision.id}>
                <button
                  type="button"
                  onClick={() => onOpen(decision)}
                  className="grid min-h-10 w-full grid-cols-[1fr_auto] items-center gap-x-3 py-1.5 text-left hover:bg-sunken"
                >
                  <span className="min-w-0 wrap-anywhere">
                    <span className="text-ink-soft">
                      {formatMoment(Date.parse(decision.at), to, timeZone)}{' '}
                    </span>
                    {decision.load_name}
                  </span>
                  <VerdictTag decision={decision} />
                </button>
              </li>
            ))}
          </ul>
        )}
      </Disclosure>
    </>
  );
}
