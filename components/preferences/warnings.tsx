'use client';

import { CircleCheck, TriangleAlert } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { Tag } from '@/components/ui/tag';
import type { PreferencesValues } from '@/lib/preferences/schema';
import { type Surroundings, useWarnings } from './use-warnings';

interface WarningsProps {
  readonly stored: PreferencesValues;
  readonly around: Surroundings;
}

function summary(count: number, isNew: number): string {
  if (count === 0) return 'Nothing stands in its own way.';
  const what = count === 1 ? 'One thing' : `${count} things`;
  const news = isNew === 0 ? '' : `, ${isNew === count ? 'all' : isNew} by what you change now`;
  return `${what} to know about these settings and the miners${news}.`;
}

/** Settings that are allowed and cannot work as they stand: while they are edited, and after they are saved. */
export function Warnings({ stored, around }: WarningsProps) {
  const warnings = useWarnings(stored, around);
  const isNew = warnings.filter((warning) => warning.isNew).length;
  return (
    <Card title="Will this work?">
      <p role="status" className="flex items-center gap-2">
        {warnings.length === 0 && <CircleCheck aria-hidden className="size-5 shrink-0 text-good" />}
        {summary(warnings.length, isNew)}
      </p>
      <ul className="mt-2 grid gap-3 empty:hidden" data-testid="warnings">
        {warnings.map((warning) => (
          <li key={warning.key} className="flex gap-2">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-caution" />
            <span className="wrap-anywhere min-w-0">
              {warning.isNew && (
                <>
                  <Tag tone="caution">New</Tag>{' '}
                </>
              )}
              {warning.text}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
