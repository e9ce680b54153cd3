import type { Metadata } from 'next';
import { DecisionItem } from '@/components/decisions/decision-item';
import { FilterBar } from '@/components/decisions/filter-bar';
import { Card } from '@/components/ui/card';
import { PageLink } from '@/components/ui/page-link';
import { requireUser } from '@/lib/auth/session';
import { loadSettings } from '@/lib/cockpit/page-data';
import { loadDecisions } from '@/lib/decisions/page-data';
import { readFilter, searchAfter } from '@/lib/decisions/page-filter';
import type { WireDecision } from '@/lib/decisions/serialise';
import { formatDate } from '@/lib/format';
import { localDateOf } from '@/lib/local-day';

export const metadata: Metadata = { title: 'Decisions' };

interface DecisionsPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Newest first, as they come. */
function byDay(decisions: readonly WireDecision[], timeZone: string): Map<string, WireDecision[]> {
  const days = new Map<string, WireDecision[]>();
  for (const decision of decisions) {
    const day = localDateOf(Date.parse(decision.at), timeZone);
    days.set(day, [...(days.get(day) ?? []), decision]);
  }
  return days;
}

export default async function DecisionsPage({ searchParams }: DecisionsPageProps) {
  const user = await requireUser();
  const { timeZone } = await loadSettings(user);
  const { filter, before } = readFilter(await searchParams);
  const { decisions, goesOn, loads } = await loadDecisions({
    ownerId: user.ownerId,
    filter,
    before,
    timeZone,
  });
  const days = byDay(decisions, timeZone);
  const last = decisions.at(-1);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h1 className="font-semibold text-xl not-print:sr-only">Decisions</h1>
      <FilterBar key={JSON.stringify(filter)} filter={filter} loads={loads} />
      {decisions.length === 0 && (
        <p>
          {Object.values(filter).some((value) => value !== undefined)
            ? 'No verdict changed that fits all of this. Choose a wider filter.'
            : 'No verdict has changed yet. The first appear as soon as the worker decides.'}
        </p>
      )}
      {[...days].map(([day, ofDay]) => (
        <Card key={day} title={formatDate(day)}>
          <div className="grid gap-4 divide-y divide-line *:not-last:pb-4">
            {ofDay.map((decision) => (
              <DecisionItem key={decision.id} decision={decision} timeZone={timeZone} />
            ))}
          </div>
        </Card>
      ))}
      <nav aria-label="More decisions" className="flex flex-wrap gap-4 print:hidden">
        {before && (
          <PageLink href="/decisions" className="inline-flex min-h-11 items-center text-accent underline">
            Newest
          </PageLink>
        )}
        {goesOn && last && (
          <PageLink
            href={`/decisions${searchAfter(filter, last)}`}
            className="inline-flex min-h-11 items-center text-accent underline"
          >
            Older
          </PageLink>
        )}
      </nav>
    </div>
  );
}
