'use client';

import { useActionState } from 'react';
import { Button } from '@/components/ui/button';
import { signIn } from '@/lib/auth/actions';
import { FormError } from './form-error';
import { SignInFields } from './sign-in-fields';

/** `returnTo`: the page that was asked for. */
export function SignInForm({ returnTo }: { readonly returnTo: string }) {
  const [state, submit, isPending] = useActionState(signIn, {});
  return (
    <form action={submit} className="grid gap-4">
      <h1 className="font-semibold text-xl">Sign in</h1>
      <FormError state={state} fields={['email', 'password']} />
      <input type="hidden" name="return_to" value={returnTo} />
      <SignInFields {...state} />
      <Button type="submit" variant="primary" disabled={isPending}>
        {isPending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
