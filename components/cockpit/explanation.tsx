import { Check, Minus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Disclosure } from '@/components/ui/disclosure';
import { useOwnersWords } from '@/components/units';
import { counted, formatAge } from '@/lib/format';
import type { WireLoad } from '@/lib/status/serialise';
import { Age } from './now';
import { Sentence } from './sentence';
import { bindingLabel, GATE_LABELS } from './words';

type WireGate = WireLoad['gates'][number];

function GateResult({ gate }: { gate: WireGate }) {
  if (!gate.applies) {
    return (
      <span className="inline-flex items-center gap-1 text-ink-soft">
        <Minus aria-hidden className="size-4" />
        not applied
      </span>
    );
  }
  return gate.pass ? (
    <span className="inline-flex items-center gap-1 text-good">
      <Check aria-hidden className="size-4" />
      met
    </span>
  ) : (
    <span className="inline-flex items-center gap-1 text-danger">
      <X aria-hidden className="size-4" />
      not met
    </span>
  );
}

function gateCount(gates: readonly WireGate[]): string {
  const open = gates.filter((gate) => gate.applies && !gate.pass).length;
  return `${counted(gates.length, 'check')}, ${open === 0 ? 'none failed' : `${open} not met`}`;
}

/** What of a load an explanation tells: of the status as of a stored decision. */
type Explained = Pick<WireLoad, 'name' | 'kind' | 'verdict' | 'binding' | 'sentence' | 'flip' | 'gates'>;

interface ExplanationViewProps {
  readonly load: Explained;
  /** What can be done about it, beside the way to the checks. */
  readonly children?: ReactNode;
  /** The status that it stands in, and when that arrived on the site's clock; null: it is of the past, and ages stand still. */
  readonly told: { readonly ageMs: number; readonly receivedAt: number } | null;
}

/** Why: the sentence, what binds, what would change it, and every check on demand. */
export function ExplanationView({ load, told, children }: ExplanationViewProps) {
  const words = useOwnersWords();
  const binding = load.gates.find((gate) => gate.name === load.binding && !gate.pass);
  // The sentence mostly ends in the very same words.
  const bindingText = binding && !load.sentence.includes(binding.text) ? `: ${words(binding.text)}` : '';
  return (
    <>
      <p className="mt-2 wrap-anywhere">
        {told === null ? words(load.sentence) : <Sentence text={load.sentence} {...told} />}
      </p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-2 gap-y-1 text-ink-soft">
        {load.binding && load.verdict !== 'CANNOT_DECIDE' && (
          <>
            <dt>{bindingLabel(load)}</dt>
            <dd className="min-w-0 wrap-anywhere text-ink" data-testid="binding">
              {GATE_LABELS[load.binding]}
              {bindingText}
            </dd>
          </>
        )}
        {load.flip.text !== '' && (
          <>
            <dt>To change it</dt>
            <dd className="min-w-0 wrap-anywhere text-ink" data-testid="flip">
              {words(load.flip.text)}
            </dd>
          </>
        )}
      </dl>
      <div className="mt-1 flex flex-wrap items-start justify-between gap-x-3 gap-y-1 has-[>details[open]]:*:basis-full">
        {load.gates.length > 0 && (
          <Disclosure
            summary={
              <>
                {gateCount(load.gates)}
                <span className="sr-only"> for {load.name}</span>
              </>
            }
          >
            {() => <Checks gates={load.gates} receivedAt={told?.receivedAt ?? null} />}
          </Disclosure>
        )}
        {children}
      </div>
    </>
  );
}

/** Every check with its numbers. */
export function Checks({ gates, receivedAt }: { gates: readonly WireGate[]; receivedAt: number | null }) {
  const words = useOwnersWords();
  return (
    <ul className="divide-y divide-line border-line border-y">
      {gates.map((gate) => (
        <li key={`${gate.name} ${gate.text}`} className="grid grid-cols-[1fr_auto] gap-x-3 py-1.5">
          <span className="min-w-0 wrap-anywhere">{GATE_LABELS[gate.name]}</span>
          <GateResult gate={gate} />
          <span className="col-span-2 min-w-0 wrap-anywhere text-ink-soft text-xs">
            {words(gate.text)}
            {gate.age_ms !== null && (
              <>
                {' · '}measured{' '}
                {receivedAt === null ? (
                  `${formatAge(gate.age_ms)} before`
                ) : (
                  <Age ageMs={gate.age_ms} receivedAt={receivedAt} />
                )}
              </>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
