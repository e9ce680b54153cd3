import { ChevronLeft } from 'lucide-react';
import { PageLink } from '@/components/ui/page-link';

/** From one row's page to the list it stands in. */
export function BackLink({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <PageLink href={href} className="mb-2 inline-flex min-h-9 items-center gap-1 font-medium text-accent">
      <ChevronLeft aria-hidden className="size-4" />
      {label}
    </PageLink>
  );
}
