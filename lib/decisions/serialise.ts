import type { DecisionRow } from '@/db/schema/decisions';
import { serialiseExplanation } from '@/lib/status/serialise';

/** A change of verdict with its sentence; the full explanation is the single decision's. */
export function serialiseDecision(row: DecisionRow) {
  return {
    id: row.id,
    at: row.ts.toISOString(),
    load_id: row.loadId,
    load_name: row.loadName,
    kind: row.kind,
    verdict: row.verdict,
    previous_verdict: row.previousVerdict,
    binding: row.bindingGate,
    sentence: row.sentence,
    config_version: row.configVersion,
    kernel_version: row.kernelVersion,
    simulated: row.simulated,
  };
}

/** The same with every gate and the flip, as the kernel explained it then. */
export function serialiseDecisionInFull(row: DecisionRow) {
  return { ...serialiseDecision(row), explanation: serialiseExplanation(row.explanation) };
}

export type WireDecision = ReturnType<typeof serialiseDecision>;
export type WireDecisionInFull = ReturnType<typeof serialiseDecisionInFull>;
