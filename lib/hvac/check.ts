import { checkOf } from '@/lib/check';
import { zoneIssues } from './rules';
import { zonePatch } from './schema';

/** For forms, loaded when one is there. */
export const checkZone = checkOf(zonePatch, zoneIssues);
