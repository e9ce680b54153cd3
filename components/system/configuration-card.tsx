'use client';

import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useId, useRef } from 'react';
import { toast } from 'sonner';
import { useSiteSettings } from '@/components/settings/site';
import { Bullets } from '@/components/ui/bullets';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ConfigurationChanges, countChanges } from './configuration-changes';
import { applyImport, ImportRefused, previewImport, readConfigurationFile } from './configuration-request';
import { importMessage } from './configuration-specs';

/** The configuration as a file: out, and in after a look at what it would change. */
export function ConfigurationCard() {
  const router = useRouter();
  const inputId = useId();
  const input = useRef<HTMLInputElement>(null);
  const preview = useMutation({
    mutationFn: async (chosen: File) => {
      const file = await readConfigurationFile(chosen);
      return { name: chosen.name, file, ...(await previewImport(file)) };
    },
  });
  const close = () => {
    preview.reset();
    apply.reset();
    if (input.current) input.current.value = '';
  };
  const apply = useMutation({
    mutationFn: async () => {
      if (preview.data) await applyImport(preview.data.file, preview.data.etag);
    },
    onSuccess: () => {
      toast.success('The configuration was imported. In force from the next tick.');
      close();
      router.refresh();
    },
  });
  const changes = preview.data ? countChanges(preview.data.diff) : 0;
  return (
    <Card title="Configuration">
      <p className="mb-3 text-ink-soft">
        Preferences, miners, zones, devices and how long history is kept in one JSON file, without passwords.
        Overrides and the history itself are not in it: they belong to the backup.
      </p>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
        <a
          href="/api/configuration"
          download="commandcenter-configuration.json"
          className="inline-flex min-h-10 items-center gap-2 rounded-md border border-line-strong px-4 font-medium hover:bg-sunken"
        >
          <Download aria-hidden className="size-4" />
          Export
        </a>
        <div className="grid min-w-0 max-w-full grid-cols-[minmax(0,1fr)] gap-1">
          <label htmlFor={inputId} className="font-medium">
            Import a file
          </label>
          <input
            ref={input}
            id={inputId}
            type="file"
            accept="application/json,.json"
            className="max-w-full text-ink-soft file:mr-3 file:min-h-10 file:rounded-md file:border file:border-line-strong file:bg-surface file:px-4 file:font-medium file:text-ink"
            onChange={({ target }) => {
              const chosen = target.files?.[0];
              if (chosen) preview.mutate(chosen);
            }}
          />
        </div>
      </div>
      <div aria-live="polite">
        {preview.isPending && <p className="mt-3">Comparing with your settings…</p>}
        {preview.error && <Refused error={preview.error} />}
        {preview.data && (
          <section aria-label="What the import changes" className="mt-4 rounded-lg border border-line p-3">
            <h3 className="wrap-anywhere mb-2 font-medium">
              {changes === 0
                ? `${preview.data.name} changes nothing: it is what you have.`
                : `${preview.data.name} changes this:`}
            </h3>
            <ConfigurationChanges diff={preview.data.diff} />
            {apply.error && <Refused error={apply.error} />}
            <div className="mt-3 flex flex-wrap gap-2">
              <Button onClick={close}>{changes === 0 ? 'Close' : 'Cancel'}</Button>
              {changes > 0 && (
                <Button variant="primary" disabled={apply.isPending} onClick={() => apply.mutate()}>
                  {apply.isPending ? 'One moment…' : 'Apply all of it'}
                </Button>
              )}
            </div>
          </section>
        )}
      </div>
    </Card>
  );
}

const MOST_SHOWN = 8;

function Refused({ error }: { readonly error: Error }) {
  const { displayUnits } = useSiteSettings();
  const issues = error instanceof ImportRefused ? error.issues : [];
  const messages = issues.slice(0, MOST_SHOWN).map((issue) => importMessage(issue, displayUnits));
  return (
    <div role="alert" className="mt-3 text-danger">
      {issues.length === 0 ? (
        <p>{error.message}</p>
      ) : (
        <>
          <p className="font-medium">The file is not taken, and nothing was changed:</p>
          <Bullets items={messages} />
          {messages.some((message) => message.includes('°F')) && <p>The file itself is in °C.</p>}
          {issues.length > MOST_SHOWN && <p>… and {issues.length - MOST_SHOWN} more.</p>}
        </>
      )}
    </div>
  );
}
