import type { Explanation } from '@/lib/core/types';
import { type SnakeWord, snakeWord, toSnakeCase } from '@/lib/wire-case';
import type { CurrentStatus } from './current';

function iso(instant: number): string;
function iso(instant: number | null): string | null;
function iso(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

function serialiseFlip(flip: Explanation['flip']) {
  switch (flip.kind) {
    case 'change':
      return {
        kind: flip.kind,
        target: flip.target,
        changes: flip.changes.map((change) => ({
          ...change,
          quantity: snakeWord(change.quantity) as SnakeWord<typeof change.quantity>,
        })),
        hold_seconds: flip.holdSeconds,
        text: flip.text,
      };
    case 'missing':
      return { kind: flip.kind, reading: flip.reading, text: flip.text };
    case 'owner':
    case 'device':
    case 'weather':
    case 'none':
      return { kind: flip.kind, until: iso(flip.until), text: flip.text };
  }
}

/** Why a load has its verdict: one sentence, every gate, and what would change it. */
export function serialiseExplanation(explanation: Explanation) {
  const { loadId, verdict, binding, sentence, gates, flip } = explanation;
  return {
    load_id: loadId,
    verdict,
    binding,
    sentence,
    gates: toSnakeCase(gates),
    flip: serialiseFlip(flip),
  };
}

/** The answer of GET /api/status and the data of the event `tick`. */
export function serialiseStatus(status: CurrentStatus) {
  const { at, workerHeartbeatAt, modeSince, loads, sources, ...plain } = status;
  return {
    at: iso(at),
    ...toSnakeCase(plain),
    worker_heartbeat_at: iso(workerHeartbeatAt),
    mode_since: iso(modeSince),
    loads: loads.map(({ explanation, observedSinceMs, dueAt, ...load }) => ({
      ...toSnakeCase(load),
      observed_since: iso(observedSinceMs),
      due_at: iso(dueAt),
      ...serialiseExplanation(explanation),
    })),
    sources: sources.map(({ lastSeenAt, ...source }) => ({
      ...toSnakeCase(source),
      last_seen_at: iso(lastSeenAt),
    })),
  };
}

export type WireStatus = ReturnType<typeof serialiseStatus>;
export type WireLoad = WireStatus['loads'][number];
