'use client';

import { useEffect } from 'react';
import type { FieldValues, Path } from 'react-hook-form';
import type { SettingsFormState } from './use-settings-form';

/** An address that ends in "#stop_voltage" leads to that field. */
export function useAddressedField<Values extends FieldValues>({
  form: { setFocus },
  specs,
}: Pick<SettingsFormState<Values>, 'form' | 'specs'>): void {
  useEffect(() => {
    const name = location.hash.slice(1);
    if (specs[name] !== undefined) setFocus(name as Path<Values>);
  }, [setFocus, specs]);
}
