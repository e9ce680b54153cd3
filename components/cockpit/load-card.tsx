import { Tag } from '@/components/ui/tag';
import { formatAge, formatPower } from '@/lib/format';
import type { WireLoad } from '@/lib/status/serialise';
import { ExplanationView } from './explanation';
import { Age, useNow } from './now';
import { SimulatedWord } from './simulated-tag';
import { OBSERVED, verdictWord } from './words';

interface LoadViewProps {
  readonly load: WireLoad;
  readonly receivedAt: number;
  /** What is decided is also sent: the site is in automatic mode. */
  readonly acts: boolean;
}

function VerdictTag({ load, acts }: Pick<LoadViewProps, 'load' | 'acts'>) {
  const word = verdictWord(load, acts);
  return (
    <span data-testid="verdict" data-verdict={load.verdict}>
      <Tag tone={word.tone} icon={word.icon}>
        {word.label}
      </Tag>
    </span>
  );
}

/** What it does now, as observed: state, since when, and what it draws. */
function Observed({ load, receivedAt }: Pick<LoadViewProps, 'load' | 'receivedAt'>) {
  const now = useNow();
  const since = load.observed_since === null ? null : Date.parse(load.observed_since);
  const isOn = load.observed === 'on' || load.observed === 'ramping';
  return (
    <p className="text-ink-soft text-xs">
      {OBSERVED[load.observed]}
      {since !== null && load.observed !== 'unknown' && ` for ${formatAge(now - since)}`}
      {load.kind === 'fan' && isOn && load.fan_speed !== null && ` · speed ${load.fan_speed}`}
      {load.power_w !== null && isOn && (
        <>
          {` · ${formatPower(load.power_w)}, measured `}
          <Age ageMs={load.power_age_ms} receivedAt={receivedAt} />
        </>
      )}
      {load.power_w === null &&
        load.rated_w !== null &&
        load.rated_w > 0 &&
        ` · rated ${formatPower(load.rated_w)}`}
      {load.device_key === null && ' · no device'}
      {load.simulated && (
        <>
          {' · '}
          <SimulatedWord />
        </>
      )}
    </p>
  );
}

/** A miner, on a card of its own. */
export function LoadCard({ load, receivedAt, acts }: LoadViewProps) {
  return (
    <article aria-label={load.name} className="min-w-0 rounded-lg border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <h3 className="min-w-0 wrap-anywhere font-semibold">{load.name}</h3>
        <VerdictTag load={load} acts={acts} />
      </div>
      <Observed load={load} receivedAt={receivedAt} />
      <ExplanationView load={load} receivedAt={receivedAt} />
    </article>
  );
}

/** A heater or fan, as a part of its zone's card. */
export function LoadPart({ load, label, receivedAt, acts }: LoadViewProps & { label: string }) {
  return (
    <article aria-label={load.name} className="min-w-0 border-line border-t py-3 last:pb-0">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <h4 className="min-w-0 wrap-anywhere font-medium">{label}</h4>
        <VerdictTag load={load} acts={acts} />
      </div>
      <Observed load={load} receivedAt={receivedAt} />
      <ExplanationView load={load} receivedAt={receivedAt} />
    </article>
  );
}
