import { moveCurveEnds } from '@/lib/core/curve';
import type { KernelConfig } from '@/lib/core/types';
import { fromSnakeCase } from '@/lib/wire-case';

/** A partial update as the API takes it. */
type Patch = Readonly<Record<string, unknown>>;

/** Settings to be tried: what would be sent to the API. */
export interface SettingsChange {
  readonly preferences?: Patch;
  /** By miner id; null deletes it. */
  readonly miners?: Readonly<Record<string, Patch | null>>;
  /** By zone id; null deletes it. */
  readonly zones?: Readonly<Record<string, Patch | null>>;
}

/** The configuration as it would be with a change; fields that the kernel does not read are of no effect. */
export function changedConfig(config: KernelConfig, change: SettingsChange): KernelConfig {
  const preferences = patched(config.preferences, change.preferences);
  const { voltageCurve, voltageAt0Percent, voltageAt100Percent } = preferences;
  const ownCurve = change.preferences?.voltage_curve !== undefined;
  return {
    ...config,
    preferences:
      voltageCurve === null || ownCurve
        ? preferences
        : {
            ...preferences,
            voltageCurve: moveCurveEnds(voltageCurve, voltageAt0Percent, voltageAt100Percent),
          },
    miners: eachPatched(config.miners, change.miners),
    zones: eachPatched(config.zones, change.zones),
  };
}

function eachPatched<T extends { readonly id: string }>(
  rows: readonly T[],
  patches: Readonly<Record<string, Patch | null>> = {},
): readonly T[] {
  return rows.flatMap((row) => {
    const patch = patches[row.id];
    return patch === null ? [] : [patched(row, patch)];
  });
}

/** Only fields that are there already; the API's schema has checked their kind. */
function patched<T extends object>(row: T, patch: Patch | undefined): T {
  if (patch === undefined) return row;
  const known = Object.entries(fromSnakeCase(patch) as Patch).filter(([name]) => name in row);
  return { ...row, ...Object.fromEntries(known) };
}
