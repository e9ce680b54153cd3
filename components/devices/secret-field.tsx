'use client';

import { useId } from 'react';
import { Button } from '@/components/ui/button';
import { describedBy, Field, INPUT_CLASSES } from '@/components/ui/field';
import type { ConnectionField } from '@/lib/devices/connection-form';
import { REMOVED } from './connection-values';

interface SecretFieldProps {
  readonly field: ConnectionField;
  readonly value: string | boolean | undefined;
  /** One is stored: it can be replaced or removed, never seen. */
  readonly isStored: boolean;
  readonly error: string | undefined;
  readonly onChange: (value: string | boolean) => void;
}

/** A password: typed, kept by leaving it empty, or removed. */
export function SecretField({ field, value, isStored, error, onChange }: SecretFieldProps) {
  const id = useId();
  const isRemoved = value === REMOVED;
  const name = field.label.toLowerCase();
  const stored = isRemoved
    ? `The stored ${name} is removed when you save. A test goes without it, too.`
    : `A ${name} is stored. Left empty it stays; type another to replace it. Nobody can read it here.`;
  const hint = isStored ? stored : field.hint;
  return (
    <Field id={id} label={field.label} error={error} hint={hint}>
      <div className="flex gap-2">
        <input
          {...describedBy(id, { error, hint })}
          type="password"
          autoComplete="new-password"
          spellCheck={false}
          required={field.required}
          disabled={isRemoved}
          value={typeof value === 'string' ? value : ''}
          placeholder={isStored && !isRemoved ? 'stored' : undefined}
          onChange={({ target }) => onChange(target.value)}
          className={INPUT_CLASSES}
        />
        {isStored && !field.required && (
          <Button className="shrink-0" onClick={() => onChange(isRemoved ? '' : REMOVED)}>
            {isRemoved ? 'Keep' : 'Remove'}
            <span className="sr-only"> the stored {name}</span>
          </Button>
        )}
      </div>
    </Field>
  );
}
