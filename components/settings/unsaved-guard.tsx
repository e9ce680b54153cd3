'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { type Leaving, setLeaving, unsavedNow, useLeaving, useUnsaved } from './unsaved';

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

/** Who leaves while a save is under way is asked only when its answer takes longer, ms. */
const ASK_AFTER_MS = 3000;

/**
 * Asks before a link, the back button or the browser throws away what the page's forms hold. Who leaves while it is
 * being saved leaves once it is stored, and stays where that fails.
 */
export function UnsavedGuard() {
  const router = useRouter();
  const unsaved = useUnsaved();
  const leaving = useLeaving();
  const [isLate, setLate] = useState(false);
  const isAllowed = useRef(false);
  const isGuarding = unsaved !== 'nothing' || leaving !== null;

  const leave = (way: Leaving) => {
    setLeaving(null);
    if ('to' in way) router.push(way.to);
    else if ('by' in way) way.by();
    else {
      isAllowed.current = true;
      navigationOf(window)?.traverseTo(way.back);
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: it waits for what is not stored
  useEffect(() => {
    // Not as last drawn: a page that has just come may have taken over what the one before held.
    if (leaving !== null && unsavedNow() === 'nothing') leave(leaving);
    if (leaving === null || unsaved !== 'saving') return;
    const timer = setTimeout(() => setLate(true), ASK_AFTER_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [leaving, unsaved]);

  useEffect(() => () => setLeaving(null), []);

  useLayoutEffect(() => {
    if (!isGuarding) return;
    isAllowed.current = false;
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
  }, [isGuarding]);

  const isSaving = unsaved === 'saving';
  return (
    <>
      <div
        aria-live="polite"
        className="pointer-events-none fixed inset-x-4 bottom-20 z-20 grid justify-center"
      >
        {leaving !== null && isSaving && (
          <p className="rounded-lg border border-line-strong bg-surface px-4 py-3 shadow-lg">
            It is being saved. You leave once it is stored.
          </p>
        )}
      </div>
      {leaving !== null && (unsaved === 'edits' || (isSaving && isLate)) && (
        <ConfirmDialog
          title={isSaving ? 'Leave before it is saved?' : 'Leave without saving?'}
          confirmLabel={isSaving ? 'Leave now' : 'Leave, drop the changes'}
          cancelLabel="Stay here"
          tone="danger"
          isPending={false}
          onConfirm={() => leave(leaving)}
          onCancel={() => setLeaving(null)}
        >
          <p>
            {isSaving
              ? 'Saving takes longer than usual: what you changed may be stored, or may not.'
              : 'What you changed on this page is not stored yet.'}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
