'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useId, useState } from 'react';
import { callAction } from '@/components/call-action';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { describedBy, Field, INPUT_CLASSES } from '@/components/ui/field';
import type { Refusal } from '@/lib/action';
import { type FieldSpecs, fieldMessages } from './field-spec';
import { useSiteSettings } from './site';

interface AddDialogProps {
  /** One word: what is added. */
  readonly what: string;
  /** The page of what was added lies below it. */
  readonly listHref: string;
  readonly add: (input: {
    name: string;
  }) => Promise<{ readonly status: 'created'; readonly id: string } | Refusal>;
  /** Of the fields that it asks for, by wire name. */
  readonly specs: FieldSpecs;
  readonly note: string;
  /** What is asked beside the name. */
  readonly children?: ReactNode;
}

/** Asks for the little that a new row needs, then leads to its own page. */
export function AddDialog({ what, listHref, add, specs, note, children }: AddDialogProps) {
  const router = useRouter();
  const { displayUnits } = useSiteSettings();
  const nameId = useId();
  const formId = useId();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);

  const submit = async () => {
    setPending(true);
    setError(null);
    const result = await callAction(() => add({ name }));
    setPending(false);
    if (result.status === 'created') {
      setOpen(false);
      router.push(`${listHref}/${result.id}`);
      return;
    }
    const messages = Object.values(fieldMessages(result.issues, specs, displayUnits));
    setError(messages.length > 0 ? messages.join(' ') : result.error);
  };

  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" />
        Add a {what}
      </Button>
      {isOpen && (
        <ConfirmDialog
          title={`Add a ${what}`}
          confirmLabel="Add"
          isPending={isPending}
          error={error}
          form={formId}
          onCancel={() => setOpen(false)}
        >
          <form
            id={formId}
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
            }}
          >
            {/* What is typed after it was sent would close with the dialog. */}
            <fieldset disabled={isPending} className="grid gap-2">
              <Field id={nameId} label="Name">
                <input
                  {...describedBy(nameId, {})}
                  value={name}
                  autoComplete="off"
                  onChange={({ target }) => setName(target.value)}
                  className={INPUT_CLASSES}
                />
              </Field>
              {children}
            </fieldset>
          </form>
          <p className="text-ink-soft">{note}</p>
        </ConfirmDialog>
      )}
    </>
  );
}
