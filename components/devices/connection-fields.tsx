'use client';

import { useId } from 'react';
import { describedBy, Field, FieldNotes, INPUT_CLASSES } from '@/components/ui/field';
import { Switch } from '@/components/ui/switch';
import { issueAt } from '@/components/use-action';
import type { ConnectionField, ConnectionForm } from '@/lib/devices/connection-form';
import type { FieldIssue } from '@/lib/errors';
import { fieldsNow, type Typed } from './connection-values';
import { SecretField } from './secret-field';

interface ConnectionFieldsProps {
  readonly form: ConnectionForm;
  readonly typed: Typed;
  /** Secrets that are stored: they can be replaced and removed, never seen. */
  readonly secretsSet: readonly string[];
  readonly issues: readonly FieldIssue[];
  readonly onChange: (name: string, value: string | boolean) => void;
}

/** The settings of a kind of device; what is rarely needed stands behind what must be given. */
export function ConnectionFields({ form, typed, secretsSet, issues, onChange }: ConnectionFieldsProps) {
  const id = useId();
  const { variantField, variants } = form;
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-3">
      {variantField !== null && (
        <Field id={id} label={capital(variantField)}>
          <select
            id={id}
            value={String(typed[variantField] ?? '')}
            onChange={({ target }) => onChange(variantField, target.value)}
            className={INPUT_CLASSES}
          >
            {variants.map(({ value }) => (
              <option key={value} value={value}>
                {capital(value)}
              </option>
            ))}
          </select>
        </Field>
      )}
      {fieldsNow(form, typed).map((field) => {
        const shown = {
          field,
          value: typed[field.name],
          error: issueAt(issues, `connection.${field.name}`, field.label),
          onChange: (value: string | boolean) => onChange(field.name, value),
        };
        return field.type === 'secret' ? (
          <SecretField key={field.name} {...shown} isStored={secretsSet.includes(field.name)} />
        ) : (
          <OneField key={field.name} {...shown} />
        );
      })}
    </div>
  );
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

interface OneFieldProps {
  readonly field: ConnectionField;
  readonly value: string | boolean | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: string | boolean) => void;
}

function OneField({ field, value, error, onChange }: OneFieldProps) {
  const id = useId();
  const { hint } = field;
  const input = describedBy(id, { error, hint });
  if (field.type === 'switch') {
    return (
      <div className="grid content-start gap-1">
        <div className="flex min-h-11 items-center gap-3">
          <Switch
            {...input}
            checked={(value ?? field.standard) === true}
            onChange={({ target }) => onChange(target.checked)}
          />
          <label htmlFor={id} className="font-medium">
            {field.label}
          </label>
        </div>
        <FieldNotes id={id} error={error} hint={hint} />
      </div>
    );
  }
  if (field.type === 'choice') {
    return (
      <Field id={id} label={field.label} error={error} hint={hint}>
        <select
          {...input}
          value={String(value ?? '')}
          onChange={({ target }) => onChange(target.value)}
          className={INPUT_CLASSES}
        >
          <option value="">{field.required ? 'Choose one' : 'None'}</option>
          {field.choices.map((choice) => (
            <option key={choice} value={choice}>
              {capital(choice)}
            </option>
          ))}
        </select>
      </Field>
    );
  }
  return (
    <Field id={id} label={field.label} error={error} hint={hint}>
      <input
        {...input}
        type="text"
        inputMode={field.type === 'number' ? 'decimal' : undefined}
        autoComplete="off"
        spellCheck={false}
        required={field.required}
        value={String(value ?? '')}
        placeholder={field.standard === null ? undefined : String(field.standard)}
        onChange={({ target }) => onChange(target.value)}
        className={INPUT_CLASSES}
      />
    </Field>
  );
}
