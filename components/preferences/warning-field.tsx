'use client';

import { type FieldValues, type Path, useFormContext } from 'react-hook-form';
import { ZONE_SPECS } from '@/components/hvac/specs';
import { MINER_SPECS } from '@/components/miners/specs';
import type { FieldSpecs } from '@/components/settings/field-spec';
import { PageLink } from '@/components/ui/page-link';
import type { SettingsWarning } from '@/lib/core/settings-warnings';
import { snakeWord } from '@/lib/wire-case';
import { BATTERY_SPECS } from './specs';

const PAGES = {
  miner: { path: '/settings/miners', specs: MINER_SPECS },
  zone: { path: '/settings/hvac', specs: ZONE_SPECS },
} as const;

const LOOK = 'inline-flex min-h-8 items-center font-medium text-accent underline';

/** One press to the field that a warning is about. */
export function WarningField({ about }: { readonly about: SettingsWarning['about'] }) {
  const { setFocus } = useFormContext<FieldValues>();
  const name = snakeWord(about.field);
  const label = (specs: FieldSpecs) => specs[name]?.label ?? name;
  if (about.kind === 'site') {
    return (
      <button type="button" className={LOOK} onClick={() => setFocus(name as Path<FieldValues>)}>
        Change “{label(BATTERY_SPECS)}”
      </button>
    );
  }
  const { path, specs } = PAGES[about.kind];
  return (
    <PageLink href={`${path}/${about.id}#${name}`} className={LOOK}>
      Change “{label(specs)}”
    </PageLink>
  );
}
