import { Card } from '@/components/ui/card';
import { Tag } from '@/components/ui/tag';
import { formatEnergy, formatPower } from '@/lib/format';
import type { WireStatus } from '@/lib/status/serialise';
import { EnergyFlowPicture } from './energy-flow-picture';
import { Reading } from './reading';
import { SimulatedTag, simulatedShare } from './simulated-tag';

interface PowerCardProps {
  readonly status: WireStatus;
  readonly receivedAt: number;
  readonly className?: string;
}

const NEITHER_W = 20;

function batteryLabel(watts: number | null): string {
  if (watts === null || Math.abs(watts) < NEITHER_W) return 'Battery';
  return watts > 0 ? 'Into the battery' : 'From the battery';
}

function gridLabel(watts: number | null): string {
  return watts !== null && watts < -NEITHER_W ? 'To the grid' : 'From grid or generator';
}

const amount = (watts: number | null) => formatPower(watts === null ? null : Math.abs(watts));

/** What flows now, and what of it the loads may have. */
export function PowerCard({ status, receivedAt, className }: PowerCardProps) {
  const { readings, budget, battery } = status;
  const flows = [readings.pv_w, readings.load_w, readings.battery_power_w, readings.grid_w];
  const share = simulatedShare(flows);
  const mark = (reading: { readonly simulated: boolean }) => share === 'some' && reading.simulated;

  return (
    <Card
      title="Power"
      className={className}
      aside={
        <span className="flex flex-wrap gap-2">
          {budget.importing && <Tag tone="caution">Importing</Tag>}
          {battery.throttled && <Tag tone="info">Solar held back</Tag>}
          {share !== 'none' && <SimulatedTag share={share} />}
        </span>
      }
    >
      <EnergyFlowPicture status={status} />
      <dl className="divide-y divide-line">
        <Reading
          label="Solar"
          value={formatPower(readings.pv_w.value)}
          ageMs={readings.pv_w.age_ms}
          simulated={mark(readings.pv_w)}
          receivedAt={receivedAt}
        />
        <Reading
          label="House and loads"
          value={formatPower(readings.load_w.value)}
          ageMs={readings.load_w.age_ms}
          simulated={mark(readings.load_w)}
          receivedAt={receivedAt}
        />
        <Reading
          label={batteryLabel(readings.battery_power_w.value)}
          value={amount(readings.battery_power_w.value)}
          ageMs={readings.battery_power_w.age_ms}
          simulated={mark(readings.battery_power_w)}
          receivedAt={receivedAt}
        />
        <Reading
          label={gridLabel(readings.grid_w.value)}
          value={amount(readings.grid_w.value)}
          ageMs={readings.grid_w.age_ms}
          simulated={mark(readings.grid_w)}
          receivedAt={receivedAt}
        />
      </dl>
      <h3 className="mt-4 mb-1 font-semibold">Budget for loads</h3>
      <dl className="divide-y divide-line">
        <Reading
          label="House without these loads"
          value={formatPower(budget.house_w)}
          ageMs={null}
          receivedAt={receivedAt}
        />
        <Reading
          label="Surplus: solar minus house"
          value={formatPower(budget.surplus_w)}
          ageMs={null}
          receivedAt={receivedAt}
        />
        <Reading
          label="Already spoken for"
          value={formatPower(budget.reserved_w)}
          ageMs={null}
          receivedAt={receivedAt}
        />
        <Reading
          label="The battery may add"
          value={formatPower(budget.pool_w)}
          ageMs={null}
          receivedAt={receivedAt}
          note={
            budget.pool_energy_left_wh !== null &&
            `${formatEnergy(budget.pool_energy_left_wh)} left for miners until it is full again`
          }
        />
        {budget.inverter_headroom_w !== null && (
          <Reading
            label="Room on the inverter"
            value={formatPower(budget.inverter_headroom_w)}
            ageMs={null}
            receivedAt={receivedAt}
          />
        )}
      </dl>
      {battery.throttled && (
        <p className="mt-2 text-ink-soft">
          The battery is full, so the charger holds solar back. A load may be tried on what no meter shows.
        </p>
      )}
    </Card>
  );
}
