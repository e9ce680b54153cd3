'use client';

import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { type FieldValues, FormProvider } from 'react-hook-form';
import { differenceLine, playedWords } from '@/components/replay/difference';
import { risksOf } from '@/lib/core/replay/risks';
import type { WhatIf } from '@/lib/core/replay/types';
import { ConflictDialog } from './conflict-dialog';
import type { FieldSpec, FieldSpecs } from './field-spec';
import { type Risk, RiskDialog } from './risk-dialog';
import { SaveBar } from './save-bar';
import { useGuarded } from './unsaved';
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
  readonly behaviour?: Behaviour;
  /** What else saving the form as it stands would cost; asked about. */
  readonly riskOf?: () => Risk | null;
}

/** What the changes in a form would have done; `playing` while that is worked out, null where nothing is. */
export type Behaviour = WhatIf | 'playing' | null;

/** A save does not wait longer for what its changes would have done, ms. */
const LONGEST_WAIT_MS = 10_000;

function playedRisk(played: WhatIf | null): Risk | null {
  const items = played === null ? [] : risksOf(played);
  if (played === null || items.length === 0) return null;
  return { intro: `With it, the last ${playedWords(played)} would have been worse:`, items };
}

/** A settings page's form: its fields, the bar that saves them, and what guards them. */
export function SettingsForm<Values extends FieldValues>({
  label,
  state,
  children,
  behaviour = null,
  riskOf,
}: SettingsFormProps<Values>) {
  useAddressedField(state);
  const [asked, setAsked] = useState<readonly Risk[]>([]);
  const [isWaiting, setWaiting] = useState(false);
  useGuarded(state.changes > 0, state.isSaving || isWaiting);
  const played = behaviour === 'playing' ? null : behaviour;

  const saveOrAsk = () => {
    setWaiting(false);
    const risks = [riskOf?.() ?? null, playedRisk(played)].filter((risk) => risk !== null);
    if (risks.length === 0) void state.submit();
    else setAsked(risks);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes by the values there are when the wait ends
  useEffect(() => {
    if (!isWaiting) return;
    if (behaviour !== 'playing') {
      saveOrAsk();
      return;
    }
    const limit = setTimeout(saveOrAsk, LONGEST_WAIT_MS);
    // What is edited after Save was pressed was not meant to be saved.
    const unsubscribe = state.form.subscribe({
      formState: { values: true },
      callback: () => setWaiting(false),
    });
    return () => {
      clearTimeout(limit);
      unsubscribe();
    };
  }, [isWaiting, behaviour]);

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
            if (behaviour === 'playing') setWaiting(true);
            else saveOrAsk();
          }}
        >
          {children}
          <SaveBar
            state={state}
            isWaiting={isWaiting}
            note={played && `Over the last ${playedWords(played)}: ${differenceLine(played)}.`}
          />
        </form>
      </FormProvider>
      {asked.length > 0 && (
        <RiskDialog
          risks={asked}
          onSave={() => {
            setAsked([]);
            void state.submit();
          }}
          onCancel={() => setAsked([])}
        />
      )}
      <ConflictDialog state={state} />
    </Specs>
  );
}
