'use client';

import { useActionState, useState } from 'react';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/text-field';
import { useOwnTimeZone } from '@/components/use-own-time-zone';
import { completeFirstRun } from '@/lib/auth/actions';
import { FormError } from './form-error';

interface SetupFormProps {
  /** From the printed link; whoever opened the bare address types it. */
  readonly code: string;
  readonly shortestPassword: number;
  /** Of a site whose place nobody has set yet; null: it is known, and not asked for. */
  readonly newSiteZone: string | null;
}

export function SetupForm({ code, shortestPassword, newSiteZone }: SetupFormProps) {
  const ownZone = useOwnTimeZone();
  const [state, submit, isPending] = useActionState(completeFirstRun, {});
  // No answer repeats it, and the form is reset by one.
  const [sentCode, setSentCode] = useState(code);
  const codeError = state.fieldErrors?.code;
  return (
    <form
      action={submit}
      onSubmit={({ currentTarget }) => setSentCode(String(new FormData(currentTarget).get('code') ?? ''))}
      className="grid gap-4"
    >
      <div>
        <h1 className="font-semibold text-xl">Make this site yours</h1>
        <p className="mt-1 text-ink-soft">
          Choose how you sign in from now on. Everything stays on this machine.
        </p>
      </div>
      <FormError state={state} fields={['code', 'email', 'password', 'timezone']} />
      {code !== '' && !codeError ? (
        <input type="hidden" name="code" value={code} />
      ) : (
        <TextField
          name="code"
          label="One-time code"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          required
          defaultValue={sentCode}
          error={codeError}
          hint="“npm start” prints it at the end of the link, after “code=”."
        />
      )}
      <TextField
        name="email"
        label="E-mail address"
        type="email"
        autoComplete="username"
        required
        defaultValue={state.values?.email}
        error={state.fieldErrors?.email}
        hint="Only your name for signing in; no mail is sent."
      />
      <TextField
        name="password"
        label="Password"
        type="password"
        autoComplete="new-password"
        minLength={shortestPassword}
        required
        error={state.fieldErrors?.password}
        hint={`At least ${shortestPassword} characters; a few words in a row do well.`}
      />
      {newSiteZone !== null && (
        <TextField
          name="timezone"
          label="Time zone of the site"
          autoCapitalize="none"
          spellCheck={false}
          required
          defaultValue={state.values?.timezone ?? ownZone ?? newSiteZone}
          error={state.fieldErrors?.timezone}
          hint="Schedules, days and nights go by it. Proposed by this browser; change it when the site is elsewhere."
        />
      )}
      <Button type="submit" variant="primary" disabled={isPending}>
        {isPending ? 'Setting up…' : 'Open the cockpit'}
      </Button>
    </form>
  );
}
