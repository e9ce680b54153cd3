import { toast } from 'sonner';
import { callAction, isRefusal } from '@/components/call-action';
import { ROLES } from '@/components/cockpit/words';
import { focusHeading } from '@/components/ui/page-heading';
import type { MeasuringRole } from '@/lib/core/types';
import { undoSettingsRemoval } from '@/lib/settings-versions/actions';

/**
 * Says what was done, with its undo. Pressed, it takes all messages away: a browser does not tell a list that the
 * pointer has left it once the message beneath the pointer is gone, and the others would wait for that for ever.
 */
export function sayUndoable(message: string, undo: () => void): void {
  const onClick = () => {
    toast.dismiss();
    focusHeading();
    undo();
  };
  toast.success(message, { action: { label: 'Undo', onClick } });
}

async function bringBack(name: string, versionId: number): Promise<void> {
  const result = await callAction(() => undoSettingsRemoval({ version_id: versionId }));
  if (isRefusal(result)) toast.error(result.error);
  else sayBack(name, result.rolesElsewhere);
}

/** Says that a row is back, and what a device does not measure again because another one does. */
export function sayBack(name: string, rolesElsewhere: readonly MeasuringRole[]): void {
  const roles = rolesElsewhere.map((role) => ROLES[role]).join(', ');
  toast.success(roles ? `${name} is back. Another device goes on measuring: ${roles}.` : `${name} is back.`);
}

/** Says that a row was deleted, with what brings it back: the version that deleted it. */
export function sayRemoved(name: string, versionId: number): void {
  sayUndoable(`${name} was deleted.`, () => void bringBack(name, versionId));
}
