'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { Ago, Moment } from '@/components/settings/moment';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Notice } from '@/components/ui/notice';
import { Tag } from '@/components/ui/tag';
import { useAction } from '@/components/use-action';
import { backUpNow } from '@/lib/backup/actions';
import type { BackupRun } from '@/lib/backup/serialise';
import { formatBytes } from '@/lib/format';
import type { BackupView } from '@/lib/system/page-data';
import { BackupForm } from './backup-form';

const LOOK_AGAIN_MS = 1500;

/** The nightly backup: where, when, and how the last ones ended. */
export function BackupCard({ backup }: { readonly backup: BackupView }) {
  const router = useRouter();
  const { folder, nextAt, runs, otherDisk } = backup;
  const isBusy = runs.some(({ state }) => state === 'requested' || state === 'running');
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(() => router.refresh(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [isBusy, router]);
  const request = useAction(backUpNow);
  const start = async () => {
    if (await request.run({})) toast.success('The backup begins within seconds.');
  };
  return (
    <Card
      title="Backup"
      aside={
        folder !== null && (
          <Button onClick={() => void start()} disabled={request.isPending || isBusy}>
            {isBusy ? 'Backing up…' : 'Back up now'}
          </Button>
        )
      }
    >
      {folder === null ? (
        <Notice tone="caution" title="No backup is made">
          Choose a folder, best on another disk: SD cards die, and history goes with them.
        </Notice>
      ) : (
        <p>
          {nextAt !== null && (
            <>
              Next backup: <Moment at={nextAt} />.{' '}
            </>
          )}
          The whole database, history included, in one file. Device passwords are in it encrypted; keep a copy
          of secret.key from the data directory elsewhere.
        </p>
      )}
      {folder !== null && !otherDisk && (
        <div className="mt-3">
          <Notice tone="caution" title="The folder is on the disk that holds the data">
            When that disk dies, the backups die with it.
          </Notice>
        </div>
      )}
      {request.refusal && (
        <p role="alert" className="mt-2 text-danger">
          {request.refusal.error}
        </p>
      )}
      {runs.length > 0 && (
        <ul aria-label="Last backups" className="mt-3 grid gap-1">
          {runs.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </ul>
      )}
      <div className="mt-4">
        <BackupForm backup={backup} />
      </div>
    </Card>
  );
}

const STATES = {
  requested: { label: 'Waiting', tone: 'neutral' },
  running: { label: 'Being written', tone: 'neutral' },
  done: { label: 'Written', tone: 'good' },
  failed: { label: 'Failed', tone: 'danger' },
} as const;

function RunRow({ run }: { readonly run: BackupRun }) {
  const { label, tone } = STATES[run.state];
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 gap-y-1 border-line border-t py-2">
      <Tag tone={tone}>{label}</Tag>
      <span className="text-ink-soft text-xs">
        <Ago at={run.endedAt ?? run.requestedAt} />, asked for by {run.requestedBy}
      </span>
      {run.file !== null && (
        <span className="wrap-anywhere min-w-0 text-xs">
          {run.file} ({formatBytes(run.bytes)})
        </span>
      )}
      {run.error !== null && <span className="wrap-anywhere basis-full text-danger">{run.error}</span>}
    </li>
  );
}
