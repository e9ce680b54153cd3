'use client';

import { ROLES } from '@/components/cockpit/words';
import type { MeasuringRole } from '@/lib/core/types';
import type { DeviceFormData } from '@/lib/devices/page-data';

interface RoleChoiceProps {
  readonly offered: readonly MeasuringRole[];
  readonly chosen: readonly MeasuringRole[];
  readonly holders: DeviceFormData['holders'];
  readonly error: string | undefined;
  readonly onChange: (roles: readonly MeasuringRole[]) => void;
}

/** What the site takes from this device; one device per role. */
export function RoleChoice({ offered, chosen, holders, error, onChange }: RoleChoiceProps) {
  const toggle = (role: MeasuringRole, isOn: boolean) =>
    onChange(offered.filter((other) => (other === role ? isOn : chosen.includes(other))));
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-ink-soft">
        Each is measured by one device. Miners, fans, heaters and thermometers of a room need none: they are
        linked under Miners and HVAC.
      </legend>
      {offered.map((role) => {
        const holder = holders[role];
        return (
          <label key={role} className="flex cursor-pointer items-baseline gap-3 py-1">
            <input
              type="checkbox"
              className="size-4 shrink-0 translate-y-0.5 accent-[var(--accent)]"
              checked={chosen.includes(role)}
              onChange={({ target }) => toggle(role, target.checked)}
            />
            <span>
              <span className="inline-block font-medium first-letter:uppercase">{ROLES[role]}</span>
              {holder !== undefined && (
                <span className="text-ink-soft">
                  {chosen.includes(role)
                    ? `, taken from ${holder} when you save`
                    : `, now measured by ${holder}`}
                </span>
              )}
            </span>
          </label>
        );
      })}
      {error && (
        <p role="alert" className="text-danger">
          {error}
        </p>
      )}
    </fieldset>
  );
}
