import type { z } from 'zod';
import type { FieldIssue } from './errors';
import { inputIssues } from './validate';

type Wire = Readonly<Record<string, unknown>>;

/** What the API would refuse of `patch`, were it sent for a row that holds `stored`. */
export type Check = (stored: Wire, patch: Wire) => readonly FieldIssue[];

/** A form's check before it sends: the schema of the partial update, then the rules between fields. */
export function checkOf(
  schema: z.ZodType,
  rules: (next: Wire, asked: Wire) => readonly FieldIssue[] = () => [],
): Check {
  return (stored, patch) => [...inputIssues(schema, patch), ...rules({ ...stored, ...patch }, patch)];
}
