import { TextField } from '@/components/ui/text-field';
import type { FormState } from '@/lib/action';

/** E-mail address and password, with what was refused at either. */
export function SignInFields({ values, fieldErrors }: Pick<FormState, 'values' | 'fieldErrors'>) {
  return (
    <>
      <TextField
        name="email"
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        defaultValue={values?.email}
        error={fieldErrors?.email}
      />
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        error={fieldErrors?.password}
      />
    </>
  );
}
