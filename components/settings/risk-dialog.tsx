import { ConfirmDialog } from '@/components/ui/confirm-dialog';

interface RiskDialogProps {
  readonly risks: readonly string[];
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

/** A change that would have made something worse is saved only after the owner has seen what. */
export function RiskDialog({ risks, onSave, onCancel }: RiskDialogProps) {
  return (
    <ConfirmDialog
      title="Save this change?"
      confirmLabel="Save it all the same"
      tone="danger"
      isPending={false}
      onConfirm={onSave}
      onCancel={onCancel}
    >
      <p>With it, the last 30 days would have been worse:</p>
      <ul className="list-disc pl-5">
        {risks.map((risk) => (
          <li key={risk}>{risk}</li>
        ))}
      </ul>
    </ConfirmDialog>
  );
}
