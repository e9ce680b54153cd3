'use client';

import { Moment as MomentIn, useNow } from '@/components/cockpit/now';
import { formatAge } from '@/lib/format';
import { useSiteSettings } from './site';

/** "4 min ago", counting on. */
export function Ago({ at }: { readonly at: number }) {
  return <>{formatAge(useNow() - at)} ago</>;
}

/** The moment on the owner's clock. */
export function Moment({ at }: { readonly at: number }) {
  return <MomentIn at={at} timeZone={useSiteSettings().timeZone} />;
}
