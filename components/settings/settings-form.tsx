'use client';

import { createContext, type ReactNode, useContext, useState } from 'react';
import { type FieldValues, FormProvider } from 'react-hook-form';
import { differenceLine, playedWords } from '@/components/replay/difference';
import { risksOf } from '@/lib/core/replay/risks';
import type { WhatIf } from '@/lib/core/replay/types';
import { ConflictDialog } from './conflict-dialog';
import type { FieldSpec, FieldSpecs } from './field-spec';
import { RiskDialog } from './risk-dialog';
import { SaveBar } from './save-bar';
import { UnsavedGuard } from './unsaved-guard';
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
}

/** A settings page's form: its fields, the bar that saves them, and what guards them. */
export function SettingsForm<Values extends FieldValues>({
  label,
  state,
  children,
  behaviour = null,
}: SettingsFormProps<Values>) {
  const [risks, setRisks] = useState<readonly string[]>([]);
  return (
    <Specs value={state.specs}>
      <FormProvider {...state.form}>
        <form
          aria-label={label}
          noValidate
          className="grid grid-cols-[minmax(0,1fr)] gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            const found = behaviour === null ? [] : risksOf(behaviour);
            if (found.length > 0) setRisks(found);
            else void state.submit();
          }}
        >
          {children}
          <SaveBar
            state={state}
            note={behaviour && `Over the last ${playedWords(behaviour)}: ${differenceLine(behaviour)}.`}
          />
        </form>
      </FormProvider>
      {behaviour !== null && risks.length > 0 && (
        <RiskDialog
          played={playedWords(behaviour)}
          risks={risks}
          onSave={() => {
            setRisks([]);
            void state.submit();
          }}
          onCancel={() => setRisks([])}
        />
      )}
      <ConflictDialog state={state} />
      {state.form.formState.isDirty && <UnsavedGuard />}
    </Specs>
  );
}
