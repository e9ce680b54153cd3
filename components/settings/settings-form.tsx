'use client';

import { createContext, type ReactNode, useContext } from 'react';
import { type FieldValues, FormProvider } from 'react-hook-form';
import { ConflictDialog } from './conflict-dialog';
import type { FieldSpec, FieldSpecs } from './field-spec';
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
}

/** A settings page's form: its fields, the bar that saves them, and what guards them. */
export function SettingsForm<Values extends FieldValues>({
  label,
  state,
  children,
}: SettingsFormProps<Values>) {
  return (
    <Specs value={state.specs}>
      <FormProvider {...state.form}>
        <form
          aria-label={label}
          noValidate
          className="grid grid-cols-[minmax(0,1fr)] gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void state.submit();
          }}
        >
          {children}
          <SaveBar state={state} />
        </form>
      </FormProvider>
      <ConflictDialog state={state} />
      {state.form.formState.isDirty && <UnsavedGuard />}
    </Specs>
  );
}
