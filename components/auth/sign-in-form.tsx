'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/text-field';
import { signIn } from '@/lib/auth/actions';
import { FormError } from './form-error';

export function SignInForm() {
  const [state, submit, isPending] = useActionState(signIn, {});
  return (
    <form action={submit} className="grid gap-4">
      <h1 className="font-semibold text-xl">Sign in</h1>
      <FormError state={state} fields={['email', 'password']} />
      <TextField
        name="email"
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        defaultValue={state.values?.email}
        error={state.fieldErrors?.email}
      />
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        required
        error={state.fieldErrors?.password}
      />
      <Button type="submit" variant="primary" disabled={isPending}>
        {isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
