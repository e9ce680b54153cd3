import { PageLink } from '@/components/ui/page-link';
import { Tag } from '@/components/ui/tag';
import { formatAge, formatPower } from '@/lib/format';
import type { WireLoad, WireStatus } from '@/lib/status/serialise';
import { Countdown } from './countdown';
import { ExplanationView } from './explanation';
import { Age, useNow } from './now';
import { OverrideControl } from './override-control';
import { SimulatedWord } from './simulated-tag';
import type { WireOverride } from './use-overrides';
import { OBSERVED, verdictWord } from './words';

/** What every load's view needs beside the load itself. */
export interface LoadSurroundings {
  readonly status: Pick<WireStatus, 'age_ms'>;
  readonly receivedAt: number;
  /** What is decided is also sent, to devices that may be switched: the site is not advisory. */
  readonly acts: boolean;
  readonly timeZone: string;
  /** In force, by load; null while they are not known. */
  readonly overrides: ReadonlyMap<string, WireOverride> | null;
}

interface LoadViewProps extends LoadSurroundings {
  readonly load: WireLoad;
}

function VerdictTag({ load, acts }: Pick<LoadViewProps, 'load' | 'acts'>) {
  const word = verdictWord(load, acts && load.control_enabled);
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
      {load.device_key !== null && !load.control_enabled && ' · only read, not switched'}
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
export function LoadCard(props: LoadViewProps) {
  const { load, acts } = props;
  return (
    <article aria-label={load.name} className="min-w-0 rounded-lg border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <h3 className="min-w-0 wrap-anywhere font-semibold">{load.name}</h3>
        <VerdictTag load={load} acts={acts} />
      </div>
      <LoadBody {...props} />
    </article>
  );
}

/** A heater or fan, as a part of its zone's card. */
export function LoadPart({ label, ...props }: LoadViewProps & { label: string }) {
  const { load, acts } = props;
  return (
    <article aria-label={load.name} className="min-w-0 border-line border-t py-3 last:pb-0">
      <div className="flex flex-wrap items-start justify-between gap-x-3 gap-y-1">
        <h4 className="min-w-0 wrap-anywhere font-medium">{label}</h4>
        <VerdictTag load={load} acts={acts} />
      </div>
      <LoadBody {...props} />
    </article>
  );
}

function LoadBody({ load, status, receivedAt, timeZone, overrides }: LoadViewProps) {
  const override = overrides?.get(load.load_id) ?? null;
  return (
    <>
      <Observed load={load} receivedAt={receivedAt} />
      <Countdown load={load} status={status} receivedAt={receivedAt} />
      <ExplanationView load={load} told={{ ageMs: status.age_ms, receivedAt }}>
        {load.kind === 'miner' && load.device_key === null && override === null ? (
          <PageLink
            href={`/settings/miners/${load.load_id.replace('miner:', '')}`}
            className="inline-flex min-h-10 items-center font-medium text-accent"
          >
            Choose device<span className="sr-only"> for {load.name}</span>
          </PageLink>
        ) : (
          <OverrideControl load={load} override={override} isKnown={overrides !== null} timeZone={timeZone} />
        )}
      </ExplanationView>
    </>
  );
}
