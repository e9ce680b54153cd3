import { ChevronRight } from 'lucide-react';
import { PageLink } from '@/components/ui/page-link';
import { Tag } from '@/components/ui/tag';
import type { ListedZone } from '@/lib/hvac/page-data';
import { ZoneNow } from './zone-now';

export function ZoneList({ zones }: { readonly zones: readonly ListedZone[] }) {
  return (
    <ul className="grid gap-2">
      {zones.map(({ id, name, enabled }) => (
        <li
          key={id}
          className="relative flex items-center gap-3 rounded-lg border border-line bg-surface p-3"
        >
          <div className="grid min-w-0 flex-1 gap-1">
            <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
              <PageLink
                href={`/settings/hvac/${id}`}
                className="wrap-anywhere min-w-0 font-semibold after:absolute after:inset-0"
              >
                {name}
              </PageLink>
              {!enabled && <Tag tone="neutral">Not enabled</Tag>}
            </div>
            <ZoneNow id={id} />
          </div>
          <ChevronRight aria-hidden className="size-5 shrink-0 text-ink-soft" />
        </li>
      ))}
    </ul>
  );
}
