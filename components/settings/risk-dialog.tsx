import { ConfirmDialog } from '@/components/ui/confirm-dialog';

interface RiskDialogProps {
  /** How much of the past it was tried on. */
  readonly played: string;
  readonly risks: readonly string[];
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

/** A change that would have made something worse is saved only after the owner has seen what. */
export function RiskDialog({ played, risks, onSave, onCancel }: RiskDialogProps) {
  return (
    <ConfirmDialog
      title="Save this change?"
      confirmLabel="Save it all the same"
      tone="danger"
      isPending={false}
      onConfirm={onSave}
      onCancel={onCancel}
    >
      <p>With it, the last {played} would have been worse:</p>
      <ul className="list-disc pl-5">
        {risks.map((risk) => (
          <li key={risk}>{risk}</li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
