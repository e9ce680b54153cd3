'use client';

import { useState } from 'react';
import { toast } from 'sonner';
import { setLeaving, useGuarded } from '@/components/settings/unsaved';
import { Button } from '@/components/ui/button';
import { ErrorText } from '@/components/ui/error-text';
import { TextField } from '@/components/ui/text-field';
import { issueAt, useAction } from '@/components/use-action';
import { changePassword } from '@/lib/auth/credential-actions';

const EMPTY = { current_password: '', new_password: '' };

/** The present password, and the one that takes its place. */
export function PasswordForm({ email }: { readonly email: string }) {
  const [typed, setTyped] = useState(EMPTY);
  const change = useAction(changePassword);
  // Half typed, a password is nothing to keep; who leaves once it is sent would not know whether it counts.
  useGuarded(change.isPending, change.isPending);
  const issues = change.refusal?.issues ?? [];
  const message = (name: keyof typeof EMPTY) => issues.find(({ path }) => path === name)?.message;
  const submit = async () => {
    if ((await change.run(typed)) === null) return setLeaving(null);
    setTyped(EMPTY);
    toast.success('The password was changed. All other sessions were ended.');
  };
  const input = (name: keyof typeof EMPTY) => ({
    name,
    type: 'password',
    value: typed[name],
    error: message(name),
    onChange: ({ target }: { target: HTMLInputElement }) =>
      setTyped((before) => ({ ...before, [name]: target.value })),
  });
  return (
    <form
      aria-label="Password"
      noValidate
      className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-[1fr_1fr_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <input type="hidden" name="username" autoComplete="username" value={email} />
      <TextField label="Present password" autoComplete="current-password" {...input('current_password')} />
      <TextField label="New password" autoComplete="new-password" {...input('new_password')} />
      <Button type="submit" disabled={change.isPending} className="sm:mt-6">
        Change password
      </Button>
      {change.refusal && issueAt(issues, 'current_password', '') === undefined && issues.length === 0 && (
        <ErrorText className="sm:col-span-full">{change.refusal.error}</ErrorText>
      )}
    </form>
  );
}
