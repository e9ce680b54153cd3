'use client';

import { type ComponentProps, type ReactNode, useMemo, useState } from 'react';
import type { FieldValues } from 'react-hook-form';
import { WhatIfCard } from '@/components/replay/what-if-card';
import type { Risk } from './risk-dialog';
import { type Behaviour, SettingsForm } from './settings-form';
import { type SettingsFormOptions, useSettingsForm } from './use-settings-form';

interface RowFormProps<Values extends FieldValues>
  extends SettingsFormOptions<Values>,
    Pick<ComponentProps<typeof WhatIfCard<Values>>, 'toChange' | 'caveat'> {
  readonly label: string;
  /** What most owners set first; right below stands what it would have done. */
  readonly essentials: ReactNode;
  readonly children: ReactNode;
  /** What else saving would cost; asked about. */
  readonly riskOf: (stored: Values, next: Values) => Risk | null;
}

/** The form of one row of a list whose settings can be tried on the past. */
export function RowForm<Values extends FieldValues>(props: RowFormProps<Values>) {
  const { label, toChange, caveat, essentials, children, riskOf, ...row } = props;
  const [behaviour, setBehaviour] = useState<Behaviour>(null);
  const state = useSettingsForm<Values>(row);
  const { stored } = state;
  // The form is drawn a second time as soon as it is there, and with each change: this is not, nor are the fields, made outside.
  const whatIf = useMemo(
    () => <WhatIfCard stored={stored} toChange={toChange} caveat={caveat} onResult={setBehaviour} />,
    [stored, toChange, caveat],
  );
  return (
    <SettingsForm
      label={label}
      state={state}
      behaviour={behaviour}
      riskOf={() => riskOf(stored.values, state.form.getValues())}
    >
      {essentials}
      {whatIf}
      {children}
    </SettingsForm>
  );
}
