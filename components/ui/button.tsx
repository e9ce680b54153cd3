import type { ButtonHTMLAttributes } from 'react';

const LOOKS = {
  primary: 'bg-accent text-on-accent hover:brightness-110',
  danger: 'bg-danger text-surface hover:brightness-110',
  plain: 'border border-line-strong bg-surface text-ink hover:bg-sunken',
  /** Leads to a loss, and asks or can be undone. */
  removal: 'border border-line-strong bg-surface text-danger hover:bg-sunken',
} as const;

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly variant?: keyof typeof LOOKS;
}

export function Button({ variant = 'plain', className = '', type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={`inline-flex min-h-10 items-center justify-center gap-2 rounded-md px-4 font-medium disabled:opacity-60 print:hidden ${LOOKS[variant]} ${className}`}
      {...rest}
    />
  );
}
