import { Button } from '@/components/ui/button';
import { Field, INPUT_CLASSES } from '@/components/ui/field';
import { PageLink } from '@/components/ui/page-link';
import type { GainsRange } from '@/lib/gains/schema';
import { addDays } from '@/lib/local-day';

const BY = { day: 'Days', week: 'Weeks', month: 'Months' } as const;

/** Which days, and by what they are added up: a form of the address. */
export function PeriodForm({ range, today }: { range: GainsRange; today: string }) {
  const presets = [
    ['7 days', addDays(today, -6)],
    ['30 days', addDays(today, -29)],
    ['This year', `${today.slice(0, 4)}-01-01`],
    ['12 months', addDays(today, -364)],
  ] as const;
  return (
    <div className="flex flex-wrap items-end gap-x-6 gap-y-3 print:hidden">
      <nav aria-label="Periods" className="flex flex-wrap gap-1">
        {presets.map(([label, first]) => {
          const isHere = range.first === first && range.last === today;
          return (
            <PageLink
              key={label}
              href={`/gains?${new URLSearchParams({ from: first, to: today })}`}
              aria-current={isHere ? 'true' : undefined}
              className="inline-flex min-h-11 items-center rounded-md border border-line-strong px-3 font-medium hover:bg-sunken aria-[current]:border-accent aria-[current]:text-accent"
            >
              {label}
            </PageLink>
          );
        })}
      </nav>
      <form action="/gains" className="flex flex-wrap items-end gap-3">
        <Field id="from" label="From">
          <input
            id="from"
            name="from"
            type="date"
            required
            max={today}
            defaultValue={range.first}
            className={INPUT_CLASSES}
          />
        </Field>
        <Field id="to" label="To">
          <input
            id="to"
            name="to"
            type="date"
            required
            max={today}
            defaultValue={range.last}
            className={INPUT_CLASSES}
          />
        </Field>
        <Field id="by" label="By">
          <select id="by" name="by" defaultValue={range.by} className={INPUT_CLASSES}>
            {Object.entries(BY).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        <Button type="submit" className="min-h-11">
          Show
        </Button>
      </form>
    </div>
  );
}
