import { z } from 'zod';
import { VERDICTS, type Verdict } from '@/lib/core/types';

/** What the page of decisions shows; undefined = all. */
export interface DecisionsFilter {
  readonly load: string | undefined;
  readonly verdict: Verdict | undefined;
  /** A local date, YYYY-MM-DD. */
  readonly day: string | undefined;
}

/** Where a list goes on: the moment and number of its last entry. */
export interface Cursor {
  readonly at: number;
  readonly id: number;
}

const either = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

const params = z.object({
  load: either(z.string().min(1).max(200)),
  verdict: either(z.enum(VERDICTS)),
  day: either(z.iso.date()),
  before: either(z.iso.datetime()),
  before_id: either(z.coerce.number().int().min(1)),
});

/** From the page's address; what it does not understand filters nothing. */
export function readFilter(search: unknown): { filter: DecisionsFilter; before: Cursor | undefined } {
  const { load, verdict, day, before, before_id: id } = params.parse(search);
  return {
    filter: { load, verdict, day },
    before: before === undefined || id === undefined ? undefined : { at: Date.parse(before), id },
  };
}

/** The address that shows the same from further back. */
export function searchAfter(filter: DecisionsFilter, last: { at: string; id: number }): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value !== undefined) search.set(name, value);
  search.set('before', last.at);
  search.set('before_id', String(last.id));
  return `?${search}`;
}
