'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';

/** The address that a click leads to in this tab, or null. */
function destinationOf(event: MouseEvent): string | null {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!(link instanceof HTMLAnchorElement) || link.target === '_blank' || link.hasAttribute('download'))
    return null;
  const to = new URL(link.href);
  const isElsewhere = to.origin === location.origin && to.pathname !== location.pathname;
  return isElsewhere ? to.pathname + to.search + to.hash : null;
}

/** Browsers of before 2026 may lack it; there the back button is not asked about. */
const navigationOf = (page: Window): Navigation | null => ('navigation' in page ? page.navigation : null);

type Leaving = { readonly to: string } | { readonly back: string };

/** Mounted while edits are not saved: asks before a link, the back button or the browser throws them away. */
export function UnsavedGuard() {
  const router = useRouter();
  const [leaving, setLeaving] = useState<Leaving | null>(null);
  const isAllowed = useRef(false);

  useEffect(() => {
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const destination = destinationOf(event);
      if (destination === null) return;
      event.preventDefault();
      event.stopPropagation();
      setLeaving({ to: destination });
    };
    const onNavigate = (event: NavigateEvent) => {
      if (isAllowed.current || event.navigationType !== 'traverse' || !event.cancelable) return;
      event.preventDefault();
      setLeaving({ back: event.destination.key });
    };
    const navigation = navigationOf(window);
    window.addEventListener('beforeunload', onUnload);
    // Before the link's own handler, which would navigate.
    document.addEventListener('click', onClick, { capture: true });
    navigation?.addEventListener('navigate', onNavigate);
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, { capture: true });
      navigation?.removeEventListener('navigate', onNavigate);
    };
  }, []);

  if (leaving === null) return null;
  return (
    <ConfirmDialog
      title="Leave without saving?"
      confirmLabel="Leave, drop the changes"
      cancelLabel="Stay here"
      tone="danger"
      isPending={false}
      onConfirm={() => {
        isAllowed.current = true;
        setLeaving(null);
        if ('to' in leaving) router.push(leaving.to);
        else navigationOf(window)?.traverseTo(leaving.back);
      }}
      onCancel={() => setLeaving(null)}
    >
      <p>What you changed on this page is not stored yet.</p>
    </ConfirmDialog>
  );
}
