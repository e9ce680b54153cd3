import type { WireStatus } from '@/lib/status/serialise';
import type { LinkState } from './live-connection';
import { Age } from './now';

interface LiveLineProps {
  readonly status: WireStatus;
  readonly receivedAt: number;
  readonly link: LinkState;
}

const LINK_WORDS: Readonly<Record<LinkState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost',
  'signed-out': 'Signed out',
};

/** Whether what stands here is about now. */
export function LiveLine({ status, receivedAt, link }: LiveLineProps) {
  const isFine = link === 'live' && status.worker_alive;
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-ink-soft" data-testid="live-line" data-link={link}>
      <span
        aria-hidden
        className={`size-2 rounded-full ${isFine ? 'bg-good' : link === 'connecting' ? 'bg-line-strong' : 'bg-danger'}`}
      />
      <span className="font-medium text-ink">{status.worker_alive ? LINK_WORDS[link] : 'Worker silent'}</span>
      <span>
        last decision <Age ageMs={status.age_ms} receivedAt={receivedAt} />, one every {status.tick_seconds} s
      </span>
    </p>
  );
}
