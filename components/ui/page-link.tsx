import Link from 'next/link';
import type { ComponentProps } from 'react';

/**
 * A link to another page. Nothing is asked for ahead: no page can be kept, so each link in sight would cost the house a
 * request, and the phone its answer, for nothing.
 */
export function PageLink(props: Omit<ComponentProps<typeof Link>, 'prefetch'>) {
  return <Link {...props} prefetch={false} />;
}
