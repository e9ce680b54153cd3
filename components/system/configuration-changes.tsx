'use client';

import { ArrowRight } from 'lucide-react';
import { type FieldSpecs, showValue } from '@/components/settings/field-spec';
import { useSiteSettings } from '@/components/settings/site';
import type { FieldChange, SectionDiff } from '@/lib/configuration/diff';
import type { ConfigurationDiff } from '@/lib/configuration/mutations';
import { CONFIGURATION_SPECS } from './configuration-specs';

const SECTIONS = [
  { key: 'miners', one: 'Miner' },
  { key: 'zones', one: 'Zone' },
  { key: 'devices', one: 'Device' },
] as const satisfies readonly { key: keyof ConfigurationDiff; one: string }[];

const countSection = ({ added, removed, changed }: SectionDiff) =>
  added.length + removed.length + changed.length;

/** How many things an import touches; 0 = it is what is stored. */
export function countChanges(diff: ConfigurationDiff): number {
  return (
    diff.preferences.length +
    diff.retention.length +
    countSection(diff.miners) +
    countSection(diff.zones) +
    countSection(diff.devices)
  );
}

/** Null: for ever. */
const isShorter = ({ before, after }: FieldChange) =>
  typeof after === 'number' && (typeof before !== 'number' || after < before);

/** What an import adds, removes and changes, entry by entry. */
export function ConfigurationChanges({ diff }: { readonly diff: ConfigurationDiff }) {
  return (
    <ul className="grid gap-2">
      {diff.preferences.length > 0 && (
        <li>
          <span className="font-medium">Preferences</span>
          <Fields changes={diff.preferences} specs={CONFIGURATION_SPECS.preferences} />
        </li>
      )}
      {diff.retention.length > 0 && (
        <li>
          <span className="font-medium">History kept</span>
          <Fields changes={diff.retention} specs={CONFIGURATION_SPECS.retention} />
          {diff.retention.some(isShorter) && (
            <p className="pl-4 text-danger">
              It deletes the older history within the hour, and nothing brings that back.
            </p>
          )}
        </li>
      )}
      {SECTIONS.flatMap(({ key, one }) => [
        ...diff[key].added.map((name) => (
          <li key={`${key} + ${name}`} className="wrap-anywhere">
            <span className="font-medium text-good">Added:</span> {one} {name}
          </li>
        )),
        ...diff[key].removed.map((name) => (
          <li key={`${key} - ${name}`} className="wrap-anywhere">
            <span className="font-medium text-danger">Removed:</span> {one} {name}
          </li>
        )),
        ...diff[key].changed.map(({ name, fields }) => (
          <li key={`${key} ~ ${name}`} className="wrap-anywhere">
            <span className="font-medium">Changed:</span> {one} {name}
            <Fields changes={fields} specs={CONFIGURATION_SPECS[key]} />
          </li>
        )),
      ])}
    </ul>
  );
}

function Fields({
  changes,
  specs,
}: {
  readonly changes: readonly FieldChange[];
  readonly specs: FieldSpecs;
}) {
  const units = useSiteSettings().displayUnits;
  return (
    <ul className="pl-4">
      {changes.map(({ field, before, after }) => {
        const spec = specs[field] ?? { label: field, show: (value) => JSON.stringify(value) };
        return (
          <li key={field} className="wrap-anywhere flex flex-wrap items-baseline gap-x-1.5">
            <span>{spec.label}:</span>
            <span className="text-ink-soft">{showValue(spec, before, units)}</span>
            <ArrowRight aria-label="to" className="size-3.5 self-center text-ink-soft" />
            <span>{showValue(spec, after, units)}</span>
          </li>
        );
      })}
    </ul>
  );
}
