import type { Metadata } from 'next';
import { EnergyFigure } from '@/components/gains/energy-figure';
import { EnergyTable } from '@/components/gains/energy-table';
import { LoadsCard } from '@/components/gains/loads-card';
import { LostSunCard } from '@/components/gains/lost-sun-card';
import { PeriodForm } from '@/components/gains/period-form';
import { periodLabel } from '@/components/gains/period-label';
import { Card } from '@/components/ui/card';
import { requireUser } from '@/lib/auth/session';
import { loadSettings } from '@/lib/cockpit/page-data';
import { formatDate } from '@/lib/format';
import { loadGains } from '@/lib/gains/page-data';
import type { WireGains } from '@/lib/gains/serialise';

export const metadata: Metadata = { title: 'Gains' };

interface GainsPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** From the first period with a record on: what lies before has nothing to draw. */
function recordedSpan(periods: WireGains['periods']): WireGains['periods'] {
  return periods.slice(
    Math.max(
      0,
      periods.findIndex(({ coverage }) => coverage > 0),
    ),
  );
}

export default async function GainsPage({ searchParams }: GainsPageProps) {
  const user = await requireUser();
  const { timeZone } = await loadSettings(user);
  const search = await searchParams;
  const { gains, range, today } = await loadGains({ ownerId: user.ownerId, timeZone, search });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      <h1 className="font-semibold text-xl not-print:sr-only">
        Gains, {formatDate(gains.first)} to {formatDate(gains.last)}
      </h1>
      <PeriodForm key={JSON.stringify(range)} range={range} today={today} />
      {gains.basis === 'none' ? (
        <p>
          Nothing was recorded in these days. Choose others; today appears a minute after the worker starts.
        </p>
      ) : (
        <>
          <LostSunCard gains={gains} />
          <Card title="Energy">
            <figure aria-label="Energy by period">
              <EnergyFigure
                bars={recordedSpan(gains.periods).map((period) => ({
                  label: periodLabel(period, gains.by),
                  pvKwh: period.pv_kwh,
                  loadKwh: period.load_kwh,
                  minedKwh: period.mined_kwh,
                  importKwh: period.import_kwh,
                }))}
              />
            </figure>
            <EnergyTable gains={gains} />
            <p className="mt-3 text-ink-soft text-xs">
              By real elapsed time and your local days; a gap counts as nothing. Held back is what a clear sky
              would have given beyond what was measured while the bank was full: an estimate from above.
            </p>
          </Card>
          <LoadsCard loads={gains.loads} />
        </>
      )}
    </div>
  );
}
