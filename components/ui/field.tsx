import type { ReactNode } from 'react';

export const INPUT_CLASSES =
  'min-h-11 w-full scroll-my-40 rounded-md border border-line-strong bg-surface px-3 text-base text-ink disabled:opacity-60 aria-invalid:border-danger';

/** What every input needs to be read out with its hint and error. */
export function describedBy(id: string, { error, hint }: { error?: string; hint?: ReactNode }) {
  return {
    id,
    'aria-invalid': error ? true : undefined,
    'aria-describedby': [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined,
  } as const;
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: ReactNode;
  /** A whole sentence. */
  readonly error?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Label, input, what is wrong with it, and what it is for. */
export function Field({ id, label, hint, error, className = '', children }: FieldProps) {
  return (
    <div className={`grid content-start gap-1 ${className}`}>
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      {children}
      <FieldNotes id={id} error={error} hint={hint} />
    </div>
  );
}

export function FieldNotes({ id, error, hint }: { id: string; error?: string; hint?: ReactNode }) {
  return (
    <>
      {error && (
        <p id={`${id}-error`} className="text-danger">
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className="text-ink-soft text-xs">
          {hint}
        </p>
      )}
    </>
  );
}
