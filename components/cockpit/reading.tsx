import { Age } from './now';
import { SimulatedWord } from './simulated-tag';

interface ReadingProps {
  readonly label: string;
  readonly value: string;
  readonly ageMs: number | null;
  readonly receivedAt: number;
  /** Says so at this reading; used where only some of a card's readings are. */
  readonly simulated?: boolean;
  readonly note?: string | false;
}

/** One measurement with its age: a row of a description list. */
export function Reading({ label, value, ageMs, receivedAt, simulated = false, note }: ReadingProps) {
  const hasAside = ageMs !== null || simulated;
  return (
    <div className="grid grid-cols-[1fr_auto] items-baseline gap-x-3 py-1">
      <dt className="min-w-0 text-ink-soft">{label}</dt>
      <dd className="text-right">
        <span className="font-medium">{value}</span>
        {hasAside && (
          <span className="ml-2 inline-block min-w-14 text-ink-soft text-xs">
            <Age ageMs={ageMs} receivedAt={receivedAt} />
            {ageMs !== null && simulated && ' · '}
            {simulated && <SimulatedWord />}
          </span>
        )}
      </dd>
      {note && <dd className="col-span-2 text-right text-ink-soft text-xs">{note}</dd>}
    </div>
  );
}
