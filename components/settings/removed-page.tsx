'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';
import { PageHeading } from '@/components/ui/page-heading';
import { useAction } from '@/components/use-action';
import { undoSettingsRemoval } from '@/lib/settings-versions/actions';
import type { RemovedRow } from '@/lib/settings-versions/page-data';
import { BackLink } from './back-link';
import { Moment } from './moment';
import { sayBack } from './say-undoable';

interface RemovedPageProps {
  readonly removed: RemovedRow;
  /** One word: what was deleted. */
  readonly what: string;
  readonly listHref: string;
  /** Of the list: "All miners". */
  readonly listLabel: string;
  /** What to do where it cannot be brought back whole. */
  readonly instead?: ReactNode;
}

/** The page of a row that was deleted, here or elsewhere, while its address was kept. */
export function RemovedPage({ removed, what, listHref, listLabel, instead }: RemovedPageProps) {
  const undo = useAction(undoSettingsRemoval);
  const bringBack = async () => {
    const back = await undo.run({ version_id: removed.versionId });
    if (back !== null) sayBack(removed.name, back.rolesElsewhere);
  };
  return (
    <>
      <BackLink href={listHref} label={listLabel} />
      <PageHeading className="wrap-anywhere mb-3">{removed.name}</PageHeading>
      <Notice
        tone="caution"
        title={`This ${what} was deleted`}
        actions={
          removed.isWhole && (
            <Button disabled={undo.isPending} onClick={() => void bringBack()}>
              Bring it back
            </Button>
          )
        }
      >
        <Moment at={removed.at} />, by {removed.actor}. Its history stays. {!removed.isWhole && instead}
        {undo.refusal && (
          <p role="alert" className="text-danger">
            {undo.refusal.error}
          </p>
        )}
      </Notice>
    </>
  );
}
