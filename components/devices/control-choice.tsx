'use client';

import { useId } from 'react';
import { useSite } from '@/components/settings/site';
import { FieldNotes } from '@/components/ui/field';
import { Switch } from '@/components/ui/switch';
import { useOwnersWords } from '@/components/units';
import type { Verdict } from '@/lib/core/types';

interface ControlChoiceProps {
  /** Null: a device that is not stored yet. */
  readonly deviceKey: string | null;
  readonly isHardware: boolean;
  readonly isEnabled: boolean;
  readonly error: string | undefined;
  readonly onChange: (isEnabled: boolean) => void;
}

/** Whether this device may be switched, and what it would be told at this moment. */
export function ControlChoice({ deviceKey, isHardware, isEnabled, error, onChange }: ControlChoiceProps) {
  const id = useId();
  return (
    <div className="grid gap-3">
      <div>
        <div className="flex min-h-11 items-center gap-3">
          <Switch
            id={id}
            aria-describedby={`${id}-hint`}
            checked={isEnabled}
            onChange={({ target }) => onChange(target.checked)}
          />
          <label htmlFor={id} className="font-medium">
            Control enabled
          </label>
        </div>
        <FieldNotes
          id={id}
          error={error}
          hint={`Off: it is only read. On: it is switched while the site is in automatic mode.${
            isHardware
              ? ' Adding real hardware puts an automatic site into advisory mode, so that you can watch first.'
              : ''
          }`}
        />
      </div>
      <WouldBeSent deviceKey={deviceKey} />
    </div>
  );
}

const DESIRED: Readonly<Record<Verdict, string>> = {
  START: 'on',
  KEEP_RUNNING: 'on',
  WAIT: 'off',
  STOP: 'off',
  EMERGENCY_STOP: 'off',
  LOCKED_OUT: 'off',
  DISABLED: 'off',
  CANNOT_DECIDE: 'nothing',
  OVERRIDDEN: 'what you chose',
};

function WouldBeSent({ deviceKey }: { readonly deviceKey: string | null }) {
  const { status } = useSite();
  const words = useOwnersWords();
  const loads =
    status?.loads.filter((load) => load.device_key !== null && load.device_key === deviceKey) ?? [];
  return (
    <section aria-label="What would be sent" className="rounded-lg bg-sunken p-3">
      <h3 className="mb-1 font-medium">What would be sent now</h3>
      {loads.length === 0 ? (
        <p>Nothing: no miner, heater or fan is linked to it{deviceKey === null ? ' yet' : ''}.</p>
      ) : (
        <ul className="grid gap-1">
          {loads.map(({ load_id: loadId, name, verdict, observed, sentence }) => (
            <li key={loadId} className="wrap-anywhere">
              <span className="font-medium">
                {name}: {DESIRED[verdict]}
              </span>
              {DESIRED[verdict] === observed ? ', as it is' : `, it is ${observed}`}.{' '}
              <span className="text-ink-soft">{words(sentence)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
