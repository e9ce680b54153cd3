'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useRef } from 'react';
import { SwitchField } from '@/components/settings/fields';
import { useSite } from '@/components/settings/site';
import { Button } from '@/components/ui/button';
import { NumberInput } from '@/components/ui/number-input';
import { socPctOfVoltage } from '@/lib/core/curve';
import type { CurvePoint } from '@/lib/core/types';
import { CurveChart } from './curve-chart';
import { STEP_PCT, STEP_V } from './curve-edit';
import { useCurve } from './use-curve';
import { VoltageReader } from './voltage-reader';

const MARGIN_V = 1;
const NUMBER_ERROR = 'calibration-error';

/** A number that was emptied is no number, until another is typed. */
const orNaN = (value: number | null) => value ?? Number.NaN;

/** How a voltage reads as a state of charge: on the chart or as numbers, both ways. */
export function Calibration() {
  const { status } = useSite();
  const { curve, isUsed, error, move, type, remove, add } = useCurve();
  const table = useRef<HTMLTableElement>(null);
  const drawn = curve.map(({ voltage }) => voltage).filter(Number.isFinite);
  const scale = {
    min: Math.floor(Math.min(...drawn, 45) - MARGIN_V),
    max: Math.ceil(Math.max(...drawn, 56) + MARGIN_V),
  };
  const nowV = status?.readings.pack_voltage_v.value ?? null;

  const addAndFocus = () => {
    const index = add();
    if (index === null) return;
    requestAnimationFrame(() => table.current?.tBodies[0]?.rows[index]?.querySelector('input')?.focus());
  };

  return (
    <div className="grid items-start gap-x-8 gap-y-4 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div>
        <SwitchField
          name="use_custom_soc_mapping"
          hint="Off: a straight line between the voltages at 0 and 100 %."
        />
        <CurveChart
          curve={curve}
          scale={scale}
          now={nowV === null ? null : { voltage: nowV, soc: socPctOfVoltage(curve, nowV) }}
          onMove={move}
          onRemove={remove}
        />
        <VoltageReader curve={curve} />
      </div>
      <div>
        <table ref={table} className="w-full">
          <caption className="sr-only">The points of the calibration</caption>
          <thead>
            <tr className="text-left text-ink-soft text-xs">
              <th scope="col" className="pb-1 font-medium">
                State of charge
              </th>
              <th scope="col" className="pb-1 font-medium">
                Voltage at rest
              </th>
              <th scope="col">
                <span className="sr-only">Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {curve.map((point, index) => (
              <PointRow
                // A point has no identity but its place in the order.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                key={index}
                point={point}
                before={curve[index - 1]}
                position={index + 1}
                isEnd={index === 0 || index === curve.length - 1}
                onType={(next) => type(index, next)}
                onRemove={() => remove(index)}
              />
            ))}
          </tbody>
        </table>
        {error && (
          <p id={NUMBER_ERROR} role="alert" className="mt-2 text-danger">
            {error}
          </p>
        )}
        {isUsed && (
          <Button className="mt-3" onClick={addAndFocus}>
            <Plus aria-hidden className="size-4" />
            Add a point
          </Button>
        )}
      </div>
    </div>
  );
}

interface PointRowProps {
  readonly point: CurvePoint;
  readonly before: CurvePoint | undefined;
  readonly position: number;
  readonly isEnd: boolean;
  readonly onType: (point: CurvePoint) => void;
  readonly onRemove: () => void;
}

function PointRow({ point, before, position, isEnd, onType, onRemove }: PointRowProps) {
  const wrong = (value: number, least: number | undefined) =>
    !Number.isFinite(value) || (least !== undefined && value <= least);
  const marked = (isWrong: boolean) =>
    isWrong ? { 'aria-invalid': true, 'aria-describedby': NUMBER_ERROR } : {};
  return (
    <tr>
      <td className="py-1 pr-2">
        <NumberInput
          aria-label={`Point ${position}, state of charge`}
          value={point.soc}
          onChange={(soc) => onType({ ...point, soc: orNaN(soc) })}
          unit="%"
          step={STEP_PCT}
          disabled={isEnd}
          {...marked(wrong(point.soc, before?.soc))}
        />
      </td>
      <td className="py-1 pr-2">
        <NumberInput
          aria-label={`Point ${position}, voltage`}
          value={point.voltage}
          onChange={(voltage) => onType({ ...point, voltage: orNaN(voltage) })}
          unit="V"
          step={STEP_V}
          {...marked(wrong(point.voltage, before?.voltage))}
        />
      </td>
      <td className="w-11 py-1">
        {!isEnd && (
          <Button className="min-h-11 w-11 px-0" onClick={onRemove}>
            <Trash2 aria-hidden className="size-4" />
            <span className="sr-only">Remove point {position}</span>
          </Button>
        )}
      </td>
    </tr>
  );
}
