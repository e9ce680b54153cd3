import { formatPercent } from '@/lib/format';

interface VoltageHintProps {
  /** Null or NaN: nothing valid is typed. */
  readonly volts: number | null;
  /** Null: the owner wants no state of charge beside voltage. */
  readonly socOf: ((volts: number) => number) | null;
  readonly meaning: string | undefined;
}

/** What happens at a voltage, and the state of charge it stands for. */
export function VoltageHint({ volts, socOf, meaning }: VoltageHintProps) {
  return (
    <>
      {socOf !== null && volts !== null && Number.isFinite(volts) && `≈ ${formatPercent(socOf(volts))} · `}
      {meaning}
    </>
  );
}
