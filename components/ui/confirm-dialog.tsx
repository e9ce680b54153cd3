'use client';

import type { ReactNode } from 'react';
import { Button } from './button';
import { Modal } from './modal';

interface ConfirmDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly confirmLabel: string;
  readonly cancelLabel?: string;
  readonly tone?: 'primary' | 'danger';
  readonly isPending: boolean;
  /** False: there is nothing to confirm. */
  readonly canConfirm?: boolean;
  /** Why the last attempt failed. */
  readonly error?: string | null;
  /** Unless `form`, the id of a form among the children, is submitted instead: by Enter in its fields too. */
  readonly onConfirm?: () => void;
  readonly form?: string;
  readonly onCancel: () => void;
}

/** Asks before something is done; mounted while it is open. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, children, confirmLabel, cancelLabel = 'Cancel', tone = 'primary', isPending, error } = props;
  const { canConfirm = true } = props;
  return (
    <Modal
      title={title}
      onCancel={props.onCancel}
      actions={
        <>
          <Button onClick={props.onCancel}>{cancelLabel}</Button>
          <Button
            variant={tone}
            type={props.form === undefined ? 'button' : 'submit'}
            form={props.form}
            onClick={props.onConfirm}
            disabled={isPending || !canConfirm}
          >
            {isPending ? 'One moment…' : confirmLabel}
          </Button>
        </>
      }
    >
      {children}
      {error && (
        <p role="alert" className="mt-1 text-danger">
          {error}
        </p>
      )}
    </Modal>
  );
}
