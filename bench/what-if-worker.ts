import { BaselineRun, ChangedRun } from '@/lib/core/replay/what-if';
import { DEFAULT_SITE, monthOfMinutes, TRIED_SITE } from './speed-site';

/** ms of each answer. */
export interface WhatIfTimes {
  readonly month: readonly number[];
  readonly year: readonly number[];
}

function answers(months: number, count: number): number[] {
  const history = monthOfMinutes(months);
  const today = new BaselineRun(history, DEFAULT_SITE);
  today.run(history.at.length);
  const baseline = today.result();
  return Array.from({ length: count }, () => {
    const startedMs = performance.now();
    const changed = new ChangedRun(baseline, TRIED_SITE);
    changed.run(history.at.length);
    changed.result();
    return performance.now() - startedMs;
  });
}

answers(1, 5);
const times: WhatIfTimes = { month: answers(1, 40), year: answers(12, 3) };
postMessage(times);
