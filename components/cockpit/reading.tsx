import type { ReactNode } from 'react';
import { Age } from './now';

interface ReadingProps {
  readonly label: string;
  readonly value: string;
  readonly ageMs: number | null;
  readonly receivedAt: number;
  /** Says so at this reading; used where only some of a card's readings are. */
  readonly simulated?: boolean;
  readonly note?: ReactNode;
}

/** One measurement with its age: a row of a description list. */
export function Reading({ label, value, ageMs, receivedAt, simulated = false, note }: ReadingProps) {
  return (
    <div className="flex items-baseline justify-between gap-3 py-1">
      <dt className="min-w-0 text-ink-soft">{label}</dt>
      <dd className="text-right">
        <span className="font-medium">{value}</span>
        {(ageMs !== null || simulated) && (
          <span className="block text-ink-soft text-xs">
            <Age ageMs={ageMs} receivedAt={receivedAt} />
            {ageMs !== null && simulated && ' · '}
            {simulated && <span className="text-model">simulated</span>}
          </span>
        )}
        {note && <span className="block text-ink-soft text-xs">{note}</span>}
      </dd>
    </div>
  );
}
