'use client';

import { type ReactNode, useId, useState } from 'react';
import { useController } from 'react-hook-form';
import { describedBy, Field, FieldNotes, INPUT_CLASSES } from '@/components/ui/field';
import { NumberInput } from '@/components/ui/number-input';
import { Switch } from '@/components/ui/switch';
import { fromOwnersDegrees, temperatureUnit, toOwnersDegrees } from '@/lib/format';
import { useFieldSpec } from './settings-form';
import { useSiteSettings } from './site';

interface FieldProps {
  /** Wire name; its spec gives label, unit and choices. */
  readonly name: string;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
  readonly className?: string;
}

function useField({ name, hint }: FieldProps) {
  const id = useId();
  const { field, fieldState } = useController({ name });
  const error = fieldState.error?.message;
  return { spec: useFieldSpec(name), field, error, input: describedBy(id, { error, hint }), id };
}

interface NumberFieldProps extends FieldProps {
  readonly step?: number;
  readonly placeholder?: string;
}

/**
 * The input of a number; °C are shown and taken in the owner's degrees. A tenth of a °F that no tenth of a °C stands for
 * stays as it is typed until the field is left: then it shows what is kept.
 */
function OwnersNumber({
  parts,
  ...props
}: NumberFieldProps & { readonly parts: ReturnType<typeof useField> }) {
  const { spec, field, input } = parts;
  const units = useSiteSettings().displayUnits;
  const isTemperature = spec.unit === '°C';
  const [typed, setTyped] = useState<{ readonly shown: number; readonly kept: number } | null>(null);
  const inDegrees = (kept: number) =>
    typed !== null && Object.is(typed.kept, kept) ? typed.shown : toOwnersDegrees(kept, units);
  const takeDegrees = (shown: number) => {
    const kept = fromOwnersDegrees(shown, units);
    setTyped({ shown, kept });
    return kept;
  };
  return (
    <NumberInput
      {...input}
      ref={field.ref}
      name={field.name}
      onBlur={() => {
        setTyped(null);
        field.onBlur();
      }}
      value={isTemperature && field.value !== null ? inDegrees(field.value) : field.value}
      onChange={(value) => field.onChange(isTemperature && value !== null ? takeDegrees(value) : value)}
      unit={isTemperature ? temperatureUnit(units) : spec.unit}
      step={props.step}
      placeholder={props.placeholder}
      disabled={props.disabled}
    />
  );
}

/** An empty field is null. */
export function NumberField(props: NumberFieldProps) {
  const parts = useField(props);
  const { spec, error, id } = parts;
  return (
    <Field id={id} label={spec.label} error={error} hint={props.hint} className={props.className}>
      <OwnersNumber {...props} parts={parts} />
    </Field>
  );
}

/** A number in a row of its own: what it is on the left, the input on the right. */
export function NumberRow(props: NumberFieldProps) {
  const parts = useField(props);
  const { spec, error, id } = parts;
  return (
    <div className={props.className}>
      <div className="flex items-center justify-between gap-3">
        <div className="min-w-0">
          <label htmlFor={id} className="font-medium">
            {spec.label}
          </label>
          {props.hint && (
            <div id={`${id}-hint`} className="text-ink-soft text-xs">
              {props.hint}
            </div>
          )}
        </div>
        <div className="w-24 shrink-0 sm:w-28">
          <OwnersNumber {...props} parts={parts} />
        </div>
      </div>
      <FieldNotes id={id} error={error} />
    </div>
  );
}

/** Text; what may be null is null when it is empty. */
export function TextField(props: FieldProps & { readonly isOptional?: boolean; readonly type?: string }) {
  const { spec, field, error, input, id } = useField(props);
  return (
    <Field id={id} label={spec.label} error={error} hint={props.hint} className={props.className}>
      <input
        {...input}
        {...field}
        type={props.type ?? 'text'}
        autoComplete="off"
        value={field.value ?? ''}
        onChange={({ target }) =>
          field.onChange(props.isOptional && target.value === '' ? null : target.value)
        }
        disabled={props.disabled}
        className={INPUT_CLASSES}
      />
    </Field>
  );
}

/** One of the spec's choices; `none` is offered as null. */
export function SelectField(props: FieldProps & { readonly none?: string }) {
  const { spec, field, error, input, id } = useField(props);
  const choices = spec.choices ?? [];
  const isUnknown = field.value !== null && !choices.some(({ value }) => value === field.value);
  return (
    <Field id={id} label={spec.label} error={error} hint={props.hint} className={props.className}>
      <select
        {...input}
        {...field}
        value={field.value ?? ''}
        onChange={({ target }) => field.onChange(target.value === '' ? null : target.value)}
        disabled={props.disabled}
        className={INPUT_CLASSES}
      >
        {(props.none !== undefined || field.value === null) && <option value="">{props.none ?? ''}</option>}
        {isUnknown && <option value={field.value}>{field.value}</option>}
        {choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** On or off, with its label beside it. */
export function SwitchField(props: FieldProps) {
  const { spec, field, error, input, id } = useField(props);
  return (
    <div className={`grid content-start gap-1 ${props.className ?? ''}`}>
      <div className="flex min-h-11 items-center gap-3">
        <Switch
          {...input}
          ref={field.ref}
          name={field.name}
          onBlur={field.onBlur}
          checked={field.value === true}
          onChange={({ target }) => field.onChange(target.checked)}
          disabled={props.disabled}
        />
        <label htmlFor={id} className="font-medium">
          {spec.label}
        </label>
      </div>
      <FieldNotes id={id} error={error} hint={props.hint} />
    </div>
  );
}
