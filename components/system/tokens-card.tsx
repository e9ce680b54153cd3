'use client';

import { KeyRound } from 'lucide-react';
import { useId, useState } from 'react';
import { toast } from 'sonner';
import { useNow } from '@/components/cockpit/now';
import { Ago, Moment } from '@/components/settings/moment';
import { setLeaving, useGuarded } from '@/components/settings/unsaved';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { ErrorText } from '@/components/ui/error-text';
import { describedBy, Field, INPUT_CLASSES } from '@/components/ui/field';
import { Tag } from '@/components/ui/tag';
import { issueAt, useAction } from '@/components/use-action';
import { createToken, revokeToken } from '@/lib/auth/credential-actions';
import type { TokenView } from '@/lib/system/page-data';
import { SCOPES } from './specs';

/** API tokens: what each may, when it was last used, and the way to end it. */
export function TokensCard({ tokens }: { readonly tokens: readonly TokenView[] }) {
  const [shown, setShown] = useState<{ name: string; token: string } | null>(null);
  return (
    <Card title="API tokens">
      <p className="mb-3 text-ink-soft">
        For scripts, widgets and other programs: one for each, with no more rights than it needs.
      </p>
      {tokens.length > 0 && (
        <ul aria-label="API tokens" className="mb-4 grid gap-2">
          {tokens.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </ul>
      )}
      {shown && <ShownOnce {...shown} onDone={() => setShown(null)} />}
      <NewToken onCreated={setShown} />
    </Card>
  );
}

function TokenRow({ token }: { readonly token: TokenView }) {
  const [isAsking, setAsking] = useState(false);
  const revoke = useAction(revokeToken);
  const now = useNow();
  const drop = async () => {
    if (await revoke.run({ id: token.id })) toast.success(`The token “${token.name}” was revoked.`);
  };
  const isExpired = token.expiresAt !== null && token.expiresAt <= now;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 rounded-md border border-line px-3 py-2">
      <div className="min-w-0">
        <p className="wrap-anywhere font-medium">
          {token.name}{' '}
          <Tag tone={isExpired ? 'danger' : 'neutral'}>
            {isExpired ? 'Expired' : SCOPES[token.scope].label}
          </Tag>
        </p>
        <p className="text-ink-soft text-xs">
          {token.lastUsedAt === null ? (
            'Never used'
          ) : (
            <>
              Used <Ago at={token.lastUsedAt} />
            </>
          )}
          {' · '}
          {token.expiresAt === null ? (
            'does not expire'
          ) : (
            <>
              {isExpired ? 'expired ' : 'expires '}
              <Moment at={token.expiresAt} />
            </>
          )}
        </p>
      </div>
      <Button variant="removal" className="min-h-9 px-2.5" onClick={() => setAsking(true)}>
        Revoke<span className="sr-only"> {token.name}</span>
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={`Revoke “${token.name}”?`}
          confirmLabel="Revoke it"
          tone="danger"
          isPending={revoke.isPending}
          error={revoke.refusal?.error}
          onConfirm={() => void drop()}
          onCancel={() => setAsking(false)}
        >
          <p>Whatever uses it is locked out at once, for good.</p>
        </ConfirmDialog>
      )}
    </li>
  );
}

function ShownOnce(props: { readonly name: string; readonly token: string; readonly onDone: () => void }) {
  const id = useId();
  const copy = () =>
    navigator.clipboard?.writeText(props.token).then(
      () => toast.success('Copied.'),
      () => toast.error('It could not be copied: select it and copy it by hand.'),
    );
  return (
    <div role="status" className="mb-4 grid gap-2 rounded-lg border border-accent p-3">
      <label htmlFor={id} className="font-medium">
        The token “{props.name}”. It is shown this once: copy it now.
      </label>
      <input
        id={id}
        readOnly
        value={props.token}
        onFocus={({ target }) => target.select()}
        className={`${INPUT_CLASSES} font-mono text-sm`}
      />
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" onClick={() => void copy()}>
          Copy
        </Button>
        <Button onClick={props.onDone}>I have it</Button>
      </div>
    </div>
  );
}

const LIFETIMES = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '', label: 'Never' },
] as const;

function NewToken({ onCreated }: { readonly onCreated: (made: { name: string; token: string }) => void }) {
  const ids = { name: useId(), scope: useId(), expires: useId() };
  const [name, setName] = useState('');
  const [scope, setScope] = useState('read');
  const [expires, setExpires] = useState('365');
  const create = useAction(createToken);
  // Not as one that is being saved: nobody leaves when it is made, as it is shown this once.
  useGuarded(name !== '', false);
  const nameError = issueAt(create.refusal?.issues, 'name', 'Name');
  const submit = async () => {
    const made = await create.run({ name, scope, expires_days: expires === '' ? null : Number(expires) });
    setLeaving(null);
    if (made === null) return;
    onCreated({ name: name.trim(), token: made.token });
    // What was typed meanwhile stays.
    setName((now) => (now === name ? '' : now));
  };
  return (
    <form
      aria-label="New API token"
      noValidate
      className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-[2fr_2fr_1fr_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field id={ids.name} label="Name" error={nameError}>
        <input
          {...describedBy(ids.name, { error: nameError })}
          value={name}
          autoComplete="off"
          placeholder="phone widget"
          onChange={({ target }) => setName(target.value)}
          className={INPUT_CLASSES}
        />
      </Field>
      <Field id={ids.scope} label="May">
        <select
          id={ids.scope}
          value={scope}
          onChange={({ target }) => setScope(target.value)}
          className={INPUT_CLASSES}
        >
          {Object.entries(SCOPES).map(([value, { label, meaning }]) => (
            <option key={value} value={value}>
              {label}: {meaning}
            </option>
          ))}
        </select>
      </Field>
      <Field id={ids.expires} label="Expires after">
        <select
          id={ids.expires}
          value={expires}
          onChange={({ target }) => setExpires(target.value)}
          className={INPUT_CLASSES}
        >
          {LIFETIMES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      <Button type="submit" variant="primary" disabled={create.isPending} className="sm:mt-6">
        <KeyRound aria-hidden className="size-4" />
        Create token
      </Button>
      {create.refusal && nameError === undefined && (
        <ErrorText className="sm:col-span-full">{create.refusal.error}</ErrorText>
      )}
    </form>
  );
}
