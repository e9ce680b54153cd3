import { useOwnersWords } from '@/components/units';
import { toldLater } from '@/lib/status/current';
import { useNow } from './now';

interface SentenceProps {
  readonly text: string;
  /** Of the status that it stands in, when that arrived. */
  readonly ageMs: number;
  /** When that was, on the site's clock. */
  readonly receivedAt: number;
}

/** A sentence of the status: how long nothing has been decided, where it says so, counts on. */
export function Sentence({ text, ageMs, receivedAt }: SentenceProps) {
  const words = useOwnersWords();
  const laterMs = Math.max(0, useNow() - receivedAt);
  return <>{words(toldLater(text, ageMs, laterMs))}</>;
}
