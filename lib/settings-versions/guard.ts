import { AppError, type FieldIssue } from '@/lib/errors';
import { etagOf } from './etag';

/** @throws AppError stale when the client's change is based on another version than the stored one. */
export function requireMatch(
  stored: Readonly<Record<string, unknown>>,
  ifMatch: string | null | undefined,
): void {
  if (ifMatch) requireEtag(etagOf(stored), ifMatch);
}

/** The same where the stored version's ETag is known. @throws AppError stale. */
export function requireEtag(stored: string, ifMatch: string | null | undefined): void {
  if (ifMatch && ifMatch !== stored) {
    throw new AppError(
      'stale',
      'Somebody changed this since you read it. Read it again, then make your change.',
    );
  }
}

/** @throws AppError invalid with all issues, if there are any. */
export function requireNoIssues(issues: readonly FieldIssue[]): void {
  if (issues.length === 0) return;
  throw new AppError(
    'invalid',
    issues
      .map((issue) => issue.message)
      .slice(0, 5)
      .join(' '),
    { issues },
  );
}
