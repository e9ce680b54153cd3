'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { callAction, isRefusal } from '@/components/call-action';
import { useNow } from '@/components/cockpit/now';
import { Button } from '@/components/ui/button';
import { Disclosure } from '@/components/ui/disclosure';
import { Skeleton } from '@/components/ui/skeleton';
import { formatMoment } from '@/lib/format';
import { loadVersions, type ShownVersion } from '@/lib/settings-versions/actions';
import type { VersionsPage } from '@/lib/settings-versions/schema';
import type { Stored } from '@/lib/settings-versions/stored';
import { ChangeList } from './change-list';
import { changedNames } from './changes';
import type { FieldSpecs } from './field-spec';
import { type ConsequencesOf, RestoreDialog } from './restore-dialog';
import { useSiteSettings } from './site';

interface HistoryProps {
  readonly entity: VersionsPage['entity'];
  /** Where there are several rows. */
  readonly entityId?: string;
  /** The fields that this page shows; versions that changed others only are left out. */
  readonly specs: FieldSpecs;
  readonly stored: Stored<Readonly<Record<string, unknown>>>;
  readonly consequencesOf?: ConsequencesOf;
}

async function fetchVersions(page: VersionsPage) {
  const answer = await callAction(() => loadVersions(page));
  if (isRefusal(answer)) throw new Error(answer.error);
  return answer;
}

/** Who changed what, and the way back to any of it. Loaded when it is opened. */
export function SettingsHistory(props: HistoryProps) {
  return <Disclosure summary="History of changes">{() => <Versions {...props} />}</Disclosure>;
}

function Versions({ entity, entityId, specs, stored, consequencesOf }: HistoryProps) {
  const { timeZone, displayUnits } = useSiteSettings();
  const now = useNow();
  const [restoring, setRestoring] = useState<ShownVersion | null>(null);
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } =
    useInfiniteQuery({
      // A save makes a version, and a new ETag.
      queryKey: ['settings-versions', entity, entityId, stored.etag],
      queryFn: ({ pageParam }) => fetchVersions({ entity, entity_id: entityId, before: pageParam }),
      initialPageParam: undefined as number | undefined,
      getNextPageParam: (page) => (page.hasMore ? page.versions.at(-1)?.id : undefined),
      retry: 1,
    });

  if (isPending) return <Skeleton className="h-32" />;
  if (error) {
    return (
      <div role="alert" className="flex flex-wrap items-center gap-3">
        <p>The history could not be loaded.</p>
        <Button onClick={() => void refetch()}>Try again</Button>
      </div>
    );
  }
  const shown = data.pages
    .flatMap(({ versions }) => versions)
    .filter(({ before, after }) =>
      changedNames(before ?? {}, after ?? before ?? {}).some((name) => specs[name] !== undefined),
    );
  return (
    <>
      {shown.length === 0 && <p className="text-ink-soft">Nothing was changed here yet.</p>}
      <ol className="divide-y divide-line">
        {shown.map((version) => (
          <li key={version.id} className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-60">
              <p className="wrap-anywhere text-ink-soft">
                {formatMoment(version.at, now, timeZone)} · {version.actor}
              </p>
              {version.before === null && <p>Created</p>}
              {version.after === null && <p>Deleted</p>}
              {version.before && version.after && (
                <ChangeList
                  specs={specs}
                  before={version.before}
                  after={version.after}
                  units={displayUnits}
                />
              )}
            </div>
            <Button onClick={() => setRestoring(version)}>
              Restore…
              <span className="sr-only"> the settings of {formatMoment(version.at, now, timeZone)}</span>
            </Button>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button className="mt-2" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? 'One moment…' : 'Older changes'}
        </Button>
      )}
      {restoring && (
        <RestoreDialog
          version={restoring}
          specs={specs}
          stored={stored}
          consequencesOf={consequencesOf}
          onClose={() => setRestoring(null)}
        />
      )}
    </>
  );
}
