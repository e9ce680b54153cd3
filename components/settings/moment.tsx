'use client';

import { useNow } from '@/components/cockpit/now';
import { formatAge, formatMoment } from '@/lib/format';
import { useSiteSettings } from './site';

/** "4 min ago", counting on. */
export function Ago({ at }: { readonly at: number }) {
  return <>{formatAge(useNow() - at)} ago</>;
}

/** The moment on the owner's clock. */
export function Moment({ at }: { readonly at: number }) {
  return <>{formatMoment(at, useNow(), useSiteSettings().timeZone)}</>;
}
