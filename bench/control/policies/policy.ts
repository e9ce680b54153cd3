import type { DecideResult, Snapshot } from '@/lib/core/types';
import type { Orders } from '../plant';

/** Something that looks at a house every tick and says what its switches should be. */
export interface Policy {
  decide(snapshot: Snapshot): Orders;
  /** What the kernel made of the last tick; null for a policy that is not the kernel. */
  readonly last: DecideResult | null;
}

export const POLICIES = ['reference', 'raw', 'delays', 'cascade', 'ours', 'foresight'] as const;
export type PolicyName = (typeof POLICIES)[number];
