'use client';

import { Button } from '@/components/ui/button';
import { MessagePage } from '@/components/ui/message-page';

/** What went wrong stays in the log; the digest is how to find it there. */
export default function ErrorPage({ error }: { error: Error & { digest?: string } }) {
  return (
    <MessagePage title="This page could not be shown">
      <p>
        Most often the database is restarting; then another try in a few seconds works. Loads are still
        watched by the worker, which does not need this page.
      </p>
      {error.digest && (
        <p className="text-ink-soft">
          If it stays, look in the log for <code>{error.digest}</code>.
        </p>
      )}
      {/* A reload, not React's reset: that would show the answer that failed once more. */}
      <Button variant="primary" onClick={() => window.location.reload()}>
        Try again
      </Button>
    </MessagePage>
  );
}
