'use client';

import { useState } from 'react';
import { NumberInput } from '@/components/ui/number-input';
import { socPctOfVoltage, voltageOfSocPct } from '@/lib/core/curve';
import type { CurvePoint } from '@/lib/core/types';

const rounded = (value: number, places: number) => Number(value.toFixed(places));

/** Reads the curve both ways: type a voltage or a percent, and see the other. */
export function VoltageReader({ curve }: { curve: readonly CurvePoint[] }) {
  const [asked, setAsked] = useState<{ readonly by: 'V' | '%'; readonly value: number | null }>({
    by: 'V',
    value: 52,
  });
  const { by, value } = asked;
  const isKnown = value !== null && Number.isFinite(value);
  const volts = by === 'V' ? value : isKnown ? rounded(voltageOfSocPct(curve, value), 2) : null;
  const percent = by === '%' ? value : isKnown ? rounded(socPctOfVoltage(curve, value), 1) : null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <span className="text-ink-soft">Reads</span>
      <span className="w-24 sm:w-28">
        <NumberInput
          aria-label="Voltage to read"
          value={volts}
          onChange={(next) => setAsked({ by: 'V', value: next })}
          unit="V"
          step={0.1}
        />
      </span>
      <span className="text-ink-soft">as</span>
      <span className="w-24 sm:w-28">
        <NumberInput
          aria-label="State of charge to read"
          value={percent}
          onChange={(next) => setAsked({ by: '%', value: next })}
          unit="%"
        />
      </span>
    </div>
  );
}
