import { checkOf } from '@/lib/check';
import { minerIssues } from './rules';
import { minerPatch } from './schema';

/** For forms, loaded when one is there. */
export const checkMiner = checkOf(minerPatch, minerIssues);
