import { toast } from 'sonner';

/**
 * Says what was done, with its undo. Pressed, it takes all messages away: a browser does not tell a list that the
 * pointer has left it once the message beneath the pointer is gone, and the others would wait for that for ever.
 */
export function sayUndoable(message: string, undo: () => void): void {
  const onClick = () => {
    toast.dismiss();
    undo();
  };
  toast.success(message, { action: { label: 'Undo', onClick } });
}
