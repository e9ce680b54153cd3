'use client';

import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** Over plain HTTP, why this cannot be installed and shows nothing offline. */
export function InstallHint() {
  const isSecure = useSyncExternalStore(
    never,
    () => window.isSecureContext,
    () => true,
  );
  if (isSecure) return null;
  return (
    <p className="mx-auto max-w-7xl px-4 pb-6 text-ink-soft text-xs print:hidden">
      Opened over plain HTTP: installing it as an app and the offline page need HTTPS. docs/phone.md shows a
      reverse proxy and a private network that give it.
    </p>
  );
}
