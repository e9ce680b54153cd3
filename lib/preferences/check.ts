import { checkOf } from '@/lib/check';
import { preferencesIssues } from './rules';
import { preferencesPatch } from './schema';

/** For forms, loaded when one is there: zod is larger than the page that needs it. */
export const checkPreferences = checkOf(preferencesPatch, preferencesIssues);
