'use client';

import { useEffect } from 'react';
import type { WireStatus } from '@/lib/status/serialise';
import { rememberLastSeen } from './last-seen';

const REMEMBER_EVERY_MS = 15_000;
let rememberedAt = Number.NEGATIVE_INFINITY;

/** Registers the page for times without a connection. Browsers allow it on HTTPS and on the machine itself. */
export function OfflineSupport() {
  useEffect(() => {
    if ('serviceWorker' in navigator && window.isSecureContext) {
      // One that cannot be registered changes nothing on a page that is online.
      navigator.serviceWorker.register('/sw.js').catch(() => {});
    }
  }, []);
  return null;
}

/** Keeps what is on the page for the offline page. */
export function useRememberStatus(status: WireStatus | null, receivedAt: number): void {
  useEffect(() => {
    if (status === null || receivedAt - rememberedAt < REMEMBER_EVERY_MS) return;
    rememberedAt = receivedAt;
    rememberLastSeen(status, receivedAt);
  }, [status, receivedAt]);
}
