import { checkOf } from '@/lib/check';
import { retentionIssues } from './rules';
import { retentionPatch } from './schema';

/** For forms, loaded when one is there. */
export const checkRetention = checkOf(retentionPatch, retentionIssues);
