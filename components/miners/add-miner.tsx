'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { describedBy, Field, INPUT_CLASSES } from '@/components/ui/field';
import { NumberInput } from '@/components/ui/number-input';
import { addMiner } from '@/lib/miners/actions';

/** Adds a miner by name and draw; the rest is set on its own page, and it stays off until then. */
export function AddMiner() {
  const router = useRouter();
  const nameId = useId();
  const wattsId = useId();
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [watts, setWatts] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isPending, setPending] = useState(false);

  const add = async () => {
    setPending(true);
    setError(null);
    // Nothing typed, or no number, is refused by the server in words.
    const result = await addMiner({ name, power_draw_watts: watts ?? Number.NaN }).catch(() => null);
    setPending(false);
    if (result?.status === 'created') {
      setOpen(false);
      router.push(`/settings/miners/${result.id}`);
    } else setError(result?.error ?? 'The server does not answer. Nothing was changed.');
  };

  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden className="size-4" />
        Add a miner
      </Button>
      {isOpen && (
        <ConfirmDialog
          title="Add a miner"
          confirmLabel="Add"
          isPending={isPending}
          error={error}
          onConfirm={() => void add()}
          onCancel={() => setOpen(false)}
        >
          <Field id={nameId} label="Name">
            <input
              {...describedBy(nameId, {})}
              value={name}
              autoComplete="off"
              onChange={({ target }) => setName(target.value)}
              className={INPUT_CLASSES}
            />
          </Field>
          <Field id={wattsId} label="Power draw" hint="As its maker gives it, or as you measured it.">
            <NumberInput
              {...describedBy(wattsId, { hint: 'yes' })}
              value={watts}
              onChange={setWatts}
              unit="W"
              step={100}
            />
          </Field>
          <p className="text-ink-soft">
            It comes with cautious voltages and stays switched off until you have looked at its settings.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
