'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { startTransition, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { noteSessionEnd, useSessionEnded } from '@/components/auth/session-end';
import { siteClock } from '@/components/site-clock';
import type { WireStatus } from '@/lib/status/serialise';
import { type LinkState, LiveConnection } from './live-connection';

export interface LiveStatus {
  /** Null before the worker's first tick. */
  readonly status: WireStatus | null;
  /** When it arrived, on the site's clock: ages count on from here. */
  readonly receivedAt: number;
}

const STATUS_KEY = ['status'] as const;

async function probe(): Promise<number | null> {
  try {
    return (await fetch('/api/mode', { cache: 'no-store' })).status;
  } catch {
    return null;
  }
}

/** The site's status, pushed by the server; `onSettings` is called when preferences, loads or devices changed. */
export function useLiveStatus(initial: LiveStatus, onSettings: () => void) {
  const client = useQueryClient();
  const [link, setLink] = useState<LinkState>('connecting');
  const settingsChanged = useRef(onSettings);
  settingsChanged.current = onSettings;
  const { data } = useQuery({
    queryKey: STATUS_KEY,
    // Never called: the event stream writes this entry.
    queryFn: () => initial,
    initialData: initial,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });

  const hasEnded = useSessionEnded();
  useEffect(() => {
    if (hasEnded) return;
    setLink('connecting');
    // Drawn anew for a stranger the page would become the sign-in page, and what was typed would be gone.
    const onSettingsChanged = () =>
      void probe().then((status) => (status === 401 ? noteSessionEnd() : settingsChanged.current()));
    const connection = new LiveConnection({
      open: () => new EventSource('/api/events'),
      probe,
      onTick: (text) => {
        const status = JSON.parse(text) as WireStatus;
        const known = client.getQueryData<LiveStatus>(STATUS_KEY)?.status;
        siteClock.note(Date.parse(status.at) + status.age_ms);
        client.setQueryData<LiveStatus>(STATUS_KEY, { status, receivedAt: siteClock.now() });
        // The event that tells of a change may have come while the line was down.
        if (known && known.config_version !== status.config_version) onSettingsChanged();
      },
      onSettings: onSettingsChanged,
      onState: (state) => {
        if (state === 'signed-out') noteSessionEnd();
        else startTransition(() => setLink(state));
      },
    });
    const wake = () => {
      if (document.visibilityState === 'visible') connection.wake();
    };
    document.addEventListener('visibilitychange', wake);
    window.addEventListener('online', wake);
    return () => {
      document.removeEventListener('visibilitychange', wake);
      window.removeEventListener('online', wake);
      connection.close();
    };
  }, [client, hasEnded]);

  // Drawn in small steps: a tick never holds up whoever scrolls or types meanwhile.
  const heard: LinkState = hasEnded ? 'signed-out' : link;
  return useDeferredValue(useMemo(() => ({ ...data, link: heard }), [data, heard]));
}

/** Puts a mode that was just stored on the page without waiting for the next tick. */
export function useShowMode() {
  const client = useQueryClient();
  return (mode: Pick<WireStatus, 'control_mode' | 'mode_since' | 'mode_by'>) =>
    client.setQueryData<LiveStatus>(STATUS_KEY, (known) =>
      known?.status ? { ...known, status: { ...known.status, ...mode } } : known,
    );
}
