import { ArrowRight } from 'lucide-react';
import type { DisplayUnits } from '@/lib/core/types';
import { changedNames } from './changes';
import { type FieldSpecs, showValue } from './field-spec';

interface ChangeListProps {
  readonly specs: FieldSpecs;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  readonly units: DisplayUnits;
}

/** What differs between two states of a row, field by field; fields without a spec are not the owner's concern. */
export function ChangeList({ specs, before, after, units }: ChangeListProps) {
  const names = changedNames(before, after).filter((name) => specs[name] !== undefined);
  return (
    <ul className="grid gap-1">
      {names.map((name) => {
        const spec = specs[name];
        return (
          spec && (
            <li key={name} className="wrap-anywhere flex flex-wrap items-baseline gap-x-1.5">
              <span className="font-medium">{spec.label}:</span>
              <span className="text-ink-soft">{showValue(spec, before[name], units)}</span>
              <ArrowRight aria-label="to" className="size-3.5 self-center text-ink-soft" />
              <span>{showValue(spec, after[name], units)}</span>
            </li>
          )
        );
      })}
    </ul>
  );
}
