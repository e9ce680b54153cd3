'use client';

import { useMutation } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import { send } from '@/components/request';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Tag } from '@/components/ui/tag';
import { CONTROL_MODES, type ControlMode } from '@/lib/core/types';
import type { WireStatus } from '@/lib/status/serialise';
import { useShowMode } from './use-live-status';
import { MODES } from './words';

type StoredMode = Pick<WireStatus, 'control_mode' | 'mode_since' | 'mode_by'>;

/** The control mode, and the way to another one: chosen first, confirmed then. */
export function ModeSwitch({ mode }: { mode: ControlMode }) {
  const [chosen, setChosen] = useState<ControlMode | null>(null);
  const showMode = useShowMode();
  const change = useMutation({
    mutationFn: (wanted: ControlMode) => send<StoredMode>('PUT', '/api/mode', { control_mode: wanted }),
    onSuccess: (stored) => {
      showMode(stored);
      setChosen(null);
    },
  });
  const close = () => {
    setChosen(null);
    change.reset();
  };

  return (
    <div>
      <Button className="min-h-9 px-2.5" onClick={() => setChosen(mode)}>
        <span className="text-ink-soft max-sm:sr-only">Mode</span>
        <span data-testid="mode" data-mode={mode}>
          <Tag tone={MODES[mode].tone}>{MODES[mode].label}</Tag>
        </span>
        <span className="sr-only">: change the control mode</span>
        <ChevronDown aria-hidden className="size-4 text-ink-soft max-sm:hidden" />
      </Button>
      {chosen !== null && (
        <ConfirmDialog
          title="Control mode"
          confirmLabel={
            chosen === mode
              ? `Stay ${MODES[mode].label.toLowerCase()}`
              : `Switch to ${MODES[chosen].label.toLowerCase()}`
          }
          tone={chosen === 'paused' && mode !== 'paused' ? 'danger' : 'primary'}
          isPending={change.isPending}
          error={change.error?.message}
          onConfirm={() => (chosen === mode ? close() : change.mutate(chosen))}
          onCancel={close}
        >
          <fieldset className="grid gap-2">
            <legend className="sr-only">Control mode</legend>
            {CONTROL_MODES.map((option) => (
              <label
                key={option}
                className="flex cursor-pointer gap-3 rounded-md border border-line p-3 has-checked:border-accent has-checked:bg-sunken"
              >
                <input
                  type="radio"
                  name="control-mode"
                  className="mt-0.5 size-4 accent-[var(--accent)]"
                  checked={option === chosen}
                  onChange={() => setChosen(option)}
                />
                <span>
                  <span className="font-medium">{MODES[option].label}</span>
                  <span className="block text-ink-soft">{MODES[option].meaning}</span>
                </span>
              </label>
            ))}
          </fieldset>
        </ConfirmDialog>
      )}
    </div>
  );
}
