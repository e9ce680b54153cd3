'use client';

import { type FieldValues, useWatch } from 'react-hook-form';

/** Everything in the form as it stands, saved or not. Whole, because every field has a default value from its row. */
export function useFormValues<Values extends FieldValues>(): Values {
  return useWatch<Values>() as Values;
}
