'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';
import { type FieldValues, FormProvider } from 'react-hook-form';
import { differenceLine, playedWords } from '@/components/replay/difference';
import { risksOf } from '@/lib/core/replay/risks';
import type { WhatIf } from '@/lib/core/replay/types';
import { ConflictDialog } from './conflict-dialog';
import type { FieldSpec, FieldSpecs } from './field-spec';
import { type Risk, RiskDialog } from './risk-dialog';
import { SaveBar } from './save-bar';
import { UnsavedGuard } from './unsaved-guard';
import { useAddressedField } from './use-addressed-field';
import type { SettingsFormState } from './use-settings-form';

const Specs = createContext<FieldSpecs>({});

export function useFieldSpec(name: string): FieldSpec {
  const spec = useContext(Specs)[name];
  if (spec === undefined) throw new Error(`This form has no field "${name}".`);
  return spec;
}

interface SettingsFormProps<Values extends FieldValues> {
  readonly label: string;
  readonly state: SettingsFormState<Values>;
  readonly children: ReactNode;
  /** What the changes would have done: told beside Save, and asked about where it is risky. */
  readonly behaviour?: WhatIf | null;
  /** What else saving would cost; asked about. */
  readonly risk?: Risk | null;
}

function riskOf(behaviour: WhatIf | null): Risk | null {
  const items = behaviour === null ? [] : risksOf(behaviour);
  if (behaviour === null || items.length === 0) return null;
  return { intro: `With it, the last ${playedWords(behaviour)} would have been worse:`, items };
}

/** A settings page's form: its fields, the bar that saves them, and what guards them. */
export function SettingsForm<Values extends FieldValues>({
  label,
  state,
  children,
  behaviour = null,
  risk = null,
}: SettingsFormProps<Values>) {
  useAddressedField(state);
  const [asked, setAsked] = useState<Risk | null>(null);
  return (
    <Specs value={state.specs}>
      <FormProvider {...state.form}>
        <form
          aria-label={label}
          noValidate
          className="grid grid-cols-[minmax(0,1fr)] gap-4"
          onFocus={state.prepare}
          onSubmit={(event) => {
            event.preventDefault();
            const found = risk ?? riskOf(behaviour);
            if (found === null) void state.submit();
            else setAsked(found);
          }}
        >
          {children}
          <SaveBar
            state={state}
            note={behaviour && `Over the last ${playedWords(behaviour)}: ${differenceLine(behaviour)}.`}
          />
        </form>
      </FormProvider>
      {asked && (
        <RiskDialog
          risk={asked}
          onSave={() => {
            setAsked(null);
            void state.submit();
          }}
          onCancel={() => setAsked(null)}
        />
      )}
      <ConflictDialog state={state} />
      {state.form.formState.isDirty && <UnsavedGuard />}
    </Specs>
  );
}
