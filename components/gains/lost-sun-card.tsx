import { SimulatedTag } from '@/components/cockpit/simulated-tag';
import { Card } from '@/components/ui/card';
import { counted, formatHours, formatKwh, formatPercent } from '@/lib/format';
import type { WireGains } from '@/lib/gains/serialise';

function Figure({ label, value, children }: { label: string; value: string; children?: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-ink-soft">{label}</dt>
      <dd className="font-semibold text-lg">{value}</dd>
      {children && <dd className="text-ink-soft text-xs">{children}</dd>}
    </div>
  );
}

const HOLES = 0.995;

function importWords(seconds: number | null): string {
  if (seconds === null) return 'not measured';
  return seconds === 0 ? 'no quarter of an hour with more than 100 W' : `in about ${formatHours(seconds)}`;
}

/** What the miners made of sun that would have been lost, against which baseline, and how much of the time is known. */
export function LostSunCard({ gains }: { gains: WireGains }) {
  const { lost_sun: lost, total, loads, coverage } = gains;
  const miners = loads.filter(({ kind }) => kind === 'miner');
  const switches = miners.reduce((sum, { starts, stops }) => sum + starts + stops, 0);
  const rated = miners.reduce((sum, { rated_kwh: kwh }) => sum + (kwh ?? 0), 0);
  return (
    <Card title="Gains" aside={gains.basis === 'simulated' && <SimulatedTag />}>
      <dl className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <Figure
          label="Mined from otherwise lost sun"
          value={lost ? `at least ${formatKwh(lost.credited_kwh)}` : 'unknown'}
        >
          {lost
            ? `in ${counted(lost.cycles, 'cycle')} from one full bank to the next`
            : 'the range is too long to follow the bank: choose at most 400 days'}
        </Figure>
        <Figure label="Mined in all" value={formatKwh(total.mined_kwh)}>
          {rated > 0 ? `of it ${formatKwh(rated)} by rating, without a meter` : 'all of it metered'}
        </Figure>
        <Figure label="Import or generator" value={formatKwh(total.import_kwh)}>
          {importWords(gains.import_seconds)}
        </Figure>
        <Figure label="Switches of miners" value={String(switches)}>
          starts and stops together
        </Figure>
      </dl>
      <div className="mt-4 grid gap-1 text-ink-soft">
        <p>
          Baseline: {gains.baseline}. It needs no forecast and no state of charge: from one full bank to the
          next, what the miners drew came from import or from sun that had no other place.
        </p>
        {lost && (lost.against_import_kwh ?? 0) > 0 && (
          <p>
            {formatKwh(lost.against_import_kwh)} are not credited: as much was imported in the same cycles.
          </p>
        )}
        {lost && (lost.pending_kwh ?? 0) > 0 && (
          <p>
            {formatKwh(lost.pending_kwh)} were mined since the bank was last full; whether that sun would have
            been lost shows when it is full again.
          </p>
        )}
        {lost && (lost.unproven_kwh ?? 0) > 0 && (
          <p>{formatKwh(lost.unproven_kwh)} fall in cycles whose record has holes and are not credited.</p>
        )}
        {lost && !lost.import_known && gains.basis !== 'none' && (
          <p>No grid or generator is measured here, so no import was counted against the miners.</p>
        )}
        <p data-testid="coverage">
          {coverage >= HOLES
            ? 'All of this time is recorded.'
            : `${formatPercent(coverage * 100)} of this time is recorded; the rest earns no credit.`}
        </p>
        {gains.simulated_left_out && <p>Hours of the simulated site in this range are left out.</p>}
      </div>
    </Card>
  );
}
