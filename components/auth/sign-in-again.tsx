'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { send } from '@/components/request';
import { Button } from '@/components/ui/button';
import { Modal } from '@/components/ui/modal';
import { Notice } from '@/components/ui/notice';
import { noteSignIn } from './session-end';
import { SignInFields } from './sign-in-fields';

/** Signs in on the page where the session ended, so that nothing typed there is lost. */
export function SignInAgain() {
  const client = useQueryClient();
  const formId = useId();
  const [isOpen, setOpen] = useState(true);
  const signIn = useMutation({
    mutationFn: (form: FormData) => send('POST', '/api/session', Object.fromEntries(form)),
    onSuccess: () => {
      noteSignIn();
      void client.invalidateQueries();
    },
  });
  if (!isOpen) {
    return (
      <div className="mb-4">
        <Notice
          tone="danger"
          title="Your session has ended"
          actions={<Button onClick={() => setOpen(true)}>Sign in again</Button>}
        >
          What this page shows is from before, and nothing can be changed.
        </Notice>
      </div>
    );
  }
  return (
    <Modal
      title="Your session has ended"
      onCancel={() => setOpen(false)}
      actions={
        <>
          <Button onClick={() => setOpen(false)}>Later</Button>
          <Button type="submit" form={formId} variant="primary" disabled={signIn.isPending}>
            {signIn.isPending ? 'Signing in…' : 'Sign in'}
          </Button>
        </>
      }
    >
      <p>
        Sign in again to go on. What you typed on this page stays; what was not saved yet was not changed.
      </p>
      <form
        id={formId}
        className="mt-2 grid gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate(new FormData(event.currentTarget));
        }}
      >
        <SignInFields />
      </form>
      {signIn.error && (
        <p role="alert" className="mt-1 text-danger">
          {signIn.error.message}
        </p>
      )}
    </Modal>
  );
}
