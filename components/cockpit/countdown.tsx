import { duration } from '@/lib/core/words';
import type { WireLoad, WireStatus } from '@/lib/status/serialise';
import { useNow } from './now';

interface CountdownProps {
  readonly load: WireLoad;
  readonly status: Pick<WireStatus, 'age_ms'>;
  readonly receivedAt: number;
}

/** Counts down to a verdict that time alone brings; nothing where a reading would have to change first. */
export function Countdown({ load, status, receivedAt }: CountdownProps) {
  const now = useNow();
  const { flip } = load;
  if (flip.kind !== 'change' || flip.changes.length > 0) return null;
  const dueAt = receivedAt - status.age_ms + flip.hold_seconds * 1000;
  const leftS = Math.max(0, Math.round((dueAt - now) / 1000));
  const verb = flip.target === 'START' ? 'Starts' : 'Stops';
  return (
    <p className="mt-2 font-medium text-info" data-testid="countdown">
      {leftS === 0 ? `${verb} now` : `${verb} in ${duration(leftS)}`} if the readings hold
    </p>
  );
}
