import { checkOf } from '@/lib/check';
import { halfScheduleIssues, minerIssues } from './rules';
import { minerPatch } from './schema';

/** For forms, loaded when one is there. */
export const checkMiner = checkOf(minerPatch, (next, asked) => [
  ...minerIssues(next, asked),
  ...halfScheduleIssues(next, asked),
]);
