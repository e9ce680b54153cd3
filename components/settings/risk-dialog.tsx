import { Bullets } from '@/components/ui/bullets';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';

/** What a change would make worse, or destroy. */
export interface Risk {
  readonly intro: string;
  readonly items: readonly string[];
}

interface RiskDialogProps {
  readonly risks: readonly Risk[];
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

/** A change that makes something worse is saved only after the owner has seen what. */
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
      {risks.map(({ intro, items }) => (
        <div key={intro} className="grid gap-1">
          <p>{intro}</p>
          <Bullets items={items} />
        </div>
      ))}
    </ConfirmDialog>
  );
}
