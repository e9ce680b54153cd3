'use client';

import { CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { Disclosure } from '@/components/ui/disclosure';
import { Tag } from '@/components/ui/tag';
import { useOwnersWords } from '@/components/units';
import { counted } from '@/lib/format';
import type { PreferencesValues } from '@/lib/preferences/schema';
import { type ShownWarning, type Surroundings, useWarnings } from './use-warnings';
import { WarningField } from './warning-field';

interface WarningsProps {
  readonly stored: PreferencesValues;
  readonly around: Surroundings;
}

function summary(warnings: readonly ShownWarning[]): string {
  if (warnings.length === 0) return 'Nothing stands in its own way.';
  const isNew = warnings.filter((warning) => warning.isNew).length;
  const faults = warnings.filter(({ weight }) => weight === 'fault').length;
  const what =
    faults === 0
      ? 'All of it does what it says'
      : counted(faults, 'setting does not do what it says', 'settings do not do what they say');
  return isNew === 0 ? `${what}.` : `${what}; ${isNew} to know about what you change now.`;
}

/**
 * Settings that are allowed and cannot work as they stand, while they are edited and after they are saved. What only
 * leaves little in the bank is advice, one press away unless an edit brings it.
 */
export function Warnings({ stored, around }: WarningsProps) {
  const warnings = useWarnings(stored, around);
  const isPressing = ({ isNew, weight }: ShownWarning) => isNew || weight === 'fault';
  const pressing = warnings.filter(isPressing);
  const advice = warnings.filter((warning) => !isPressing(warning));
  return (
    <Card title="Will this work?">
      <p role="status" className="flex items-center gap-2">
        {pressing.length === 0 && <CircleCheck aria-hidden className="size-5 shrink-0 text-good" />}
        {summary(warnings)}
      </p>
      <div data-testid="warnings">
        <WarningList warnings={pressing} />
        {advice.length > 0 && (
          <div className="mt-2">
            <Disclosure
              summary={`Advice: ${counted(advice.length, 'setting acts', 'settings act')} with little left in the battery`}
            >
              <WarningList warnings={advice} />
            </Disclosure>
          </div>
        )}
      </div>
    </Card>
  );
}

function WarningList({ warnings }: { readonly warnings: readonly ShownWarning[] }) {
  const words = useOwnersWords();
  return (
    <ul className="mt-2 grid gap-3 empty:hidden">
      {warnings.map((warning) => (
        <li key={warning.key} className="flex gap-2">
          {warning.weight === 'fault' ? (
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-caution" />
          ) : (
            <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-info" />
          )}
          <div className="wrap-anywhere min-w-0">
            <p>
              {warning.isNew && (
                <>
                  <Tag tone="caution">New</Tag>{' '}
                </>
              )}
              {words(warning.text)}
            </p>
            <WarningField about={warning.about} />
          </div>
        </li>
      ))}
    </ul>
  );
}
