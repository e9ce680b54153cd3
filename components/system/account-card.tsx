'use client';

import { toast } from 'sonner';
import { Ago } from '@/components/settings/moment';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Tag } from '@/components/ui/tag';
import { useAction } from '@/components/use-action';
import { endOtherSessions, endSession } from '@/lib/auth/credential-actions';
import type { SessionView } from '@/lib/system/page-data';
import { PasswordForm } from './password-form';

interface AccountCardProps {
  readonly email: string;
  readonly sessions: readonly SessionView[];
}

/** Who is signed in where, and the password. */
export function AccountCard({ email, sessions }: AccountCardProps) {
  const endAll = useAction(endOtherSessions);
  const others = sessions.filter(({ isThis }) => !isThis).length;
  const signOutOthers = async () => {
    const done = await endAll.run({});
    if (done)
      toast.success(done.ended === 1 ? 'One session was ended.' : `${done.ended} sessions were ended.`);
  };
  return (
    <Card title="Sign-in">
      <p className="wrap-anywhere mb-3">
        Signed in as <span className="font-medium">{email}</span>.
      </p>
      <ul aria-label="Sessions" className="grid gap-2">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {others > 0 && (
        <Button className="mt-3" onClick={() => void signOutOthers()} disabled={endAll.isPending}>
          Sign out everywhere else
        </Button>
      )}
      {endAll.refusal && (
        <p role="alert" className="mt-2 text-danger">
          {endAll.refusal.error}
        </p>
      )}
      <h3 className="mt-5 mb-2 font-medium">Change the password</h3>
      <PasswordForm email={email} />
    </Card>
  );
}

function SessionRow({ session }: { readonly session: SessionView }) {
  const end = useAction(endSession);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 rounded-md border border-line px-3 py-2">
      <div className="min-w-0">
        <p className="wrap-anywhere font-medium">
          {session.browser} {session.isThis && <Tag tone="good">This one</Tag>}
        </p>
        <p className="text-ink-soft text-xs">
          Used <Ago at={session.lastUsedAt} />
          {end.refusal && <span className="text-danger"> {end.refusal.error}</span>}
        </p>
      </div>
      {!session.isThis && (
        <Button
          className="min-h-9 px-2.5"
          disabled={end.isPending}
          onClick={() => void end.run({ id: session.id })}
        >
          Sign out<span className="sr-only"> {session.browser}</span>
        </Button>
      )}
    </li>
  );
}
