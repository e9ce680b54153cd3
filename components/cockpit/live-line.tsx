import { silenceLimitMs } from '@/lib/status/current';
import type { WireStatus } from '@/lib/status/serialise';
import type { LinkState } from './live-connection';
import { Age, useNow } from './now';

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
  // A server that still answers sends each decision; one that hangs keeps its line open and says nothing.
  const isLate = useNow() - receivedAt > silenceLimitMs(status.tick_seconds);
  const word = !status.worker_alive
    ? 'Worker silent'
    : link === 'live' && isLate
      ? 'No news'
      : LINK_WORDS[link];
  const isFine = word === LINK_WORDS.live;
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-ink-soft" data-testid="live-line" data-link={link}>
      <span
        aria-hidden
        className={`size-2 rounded-full ${isFine ? 'bg-good' : link === 'connecting' ? 'bg-line-strong' : 'bg-danger'}`}
      />
      <span className="font-medium text-ink">{word}</span>
      <span>
        last decision <Age ageMs={status.age_ms} receivedAt={receivedAt} />, one every {status.tick_seconds} s
      </span>
    </p>
  );
}
