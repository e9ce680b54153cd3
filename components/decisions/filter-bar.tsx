import { VERDICT_LABELS } from '@/components/cockpit/words';
import { Button } from '@/components/ui/button';
import { Field, INPUT_CLASSES } from '@/components/ui/field';
import { PageLink } from '@/components/ui/page-link';
import { VERDICTS } from '@/lib/core/types';
import type { DecisionsFilter } from '@/lib/decisions/page-filter';

interface FilterBarProps {
  readonly filter: DecisionsFilter;
  readonly loads: readonly { readonly id: string; readonly name: string }[];
}

/** Which decisions: a form of the address, so that a link or the way back shows the same. */
export function FilterBar({ filter, loads }: FilterBarProps) {
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return (
    <form action="/decisions" className="flex flex-wrap items-end gap-3 print:hidden">
      <Field id="load" label="Load" className="min-w-40 flex-1 basis-48">
        <select id="load" name="load" defaultValue={filter.load ?? ''} className={INPUT_CLASSES}>
          <option value="">All loads</option>
          {loads.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Field id="verdict" label="Verdict" className="min-w-36 flex-1 basis-40">
        <select id="verdict" name="verdict" defaultValue={filter.verdict ?? ''} className={INPUT_CLASSES}>
          <option value="">All verdicts</option>
          {VERDICTS.map((verdict) => (
            <option key={verdict} value={verdict}>
              {VERDICT_LABELS[verdict]}
            </option>
          ))}
        </select>
      </Field>
      <Field id="day" label="Day" className="min-w-48 basis-48">
        <input id="day" type="date" name="day" defaultValue={filter.day ?? ''} className={INPUT_CLASSES} />
      </Field>
      <Button type="submit" variant="primary" className="min-h-11">
        Show
      </Button>
      {isFiltered && (
        <PageLink href="/decisions" className="inline-flex min-h-11 items-center text-accent underline">
          Show all
        </PageLink>
      )}
    </form>
  );
}
