import type { z } from 'zod';
import { AppError, type FieldIssue } from './errors';

const SECRET_FIELDS = new Set(['password', 'connection', 'secret', 'token', 'code']);
const LONGEST_ECHO = 100;

type Echo = { readonly value: string | number | boolean | null } | null;

/** A refused value may be repeated to its sender when it is short and cannot be a secret. */
function echo(value: unknown, path: readonly PropertyKey[]): Echo {
  if (path.some((part) => SECRET_FIELDS.has(String(part)))) return null;
  if (typeof value === 'string') return value.length <= LONGEST_ECHO ? { value } : null;
  return typeof value === 'number' || typeof value === 'boolean' || value === null ? { value } : null;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

/** Says in plain words what zod says in its own; a message written in the schema wins over it. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  const unit = (origin: unknown) =>
    origin === 'string' ? ' characters' : origin === 'array' || origin === 'set' ? ' entries' : '';
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${article(String(issue.expected))}`;
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return 'must not be empty';
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit(issue.origin)}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'invalid_value':
      return `must be one of ${(issue.values as unknown[]).join(', ')}`;
    case 'invalid_format':
      return `must be a valid ${String(issue.format).replace('_', ' ')}`;
    default:
      return undefined;
  }
}

function article(type: string): string {
  const name = type === 'int' ? 'integer' : type;
  return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

function limitsOf(issue: z.core.$ZodIssue): Record<string, unknown> {
  if (issue.code === 'too_small') return { minimum: issue.minimum };
  if (issue.code === 'too_big') return { maximum: issue.maximum };
  if (issue.code === 'invalid_value') return { allowed: issue.values };
  return {};
}

function toFieldIssues(issue: z.core.$ZodIssue, input: unknown, mayEcho: boolean): FieldIssue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      code: 'unknown_field',
      message: 'is not a field of this resource',
    }));
  }
  const echoed = mayEcho ? echo(valueAt(input, issue.path), issue.path) : null;
  const path = issue.path.join('.');
  const leaf = String(issue.path.at(-1) ?? 'body');
  const values = { ...(echoed ? { [leaf]: echoed.value } : {}), ...limitsOf(issue) };
  return [
    {
      path,
      code: issue.code,
      message: issue.message,
      ...(Object.keys(values).length > 0 ? { values } : {}),
    },
  ];
}

/** Deeper than any input of ours; a limit for what walks the value. */
const MAX_DEPTH = 32;

/** PostgreSQL stores neither U+0000 nor half a surrogate pair: refused here, before it is a database error. */
function requireStorableText(root: unknown): void {
  const open: { value: unknown; depth: number; path: string }[] = [{ value: root, depth: 0, path: '' }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth, path } = next;
    if (typeof value === 'string') {
      if (/\0|\p{Surrogate}/u.test(value)) {
        const message = 'text must not contain U+0000 or an unpaired surrogate';
        throw new AppError('invalid', `${path === '' ? 'The body' : path}: ${message}.`, {
          issues: [{ path, code: 'invalid_text', message }],
        });
      }
    } else if (typeof value === 'object' && value !== null) {
      if (depth === MAX_DEPTH)
        throw new AppError('invalid', `The body is nested deeper than ${MAX_DEPTH} levels.`);
      for (const [key, item] of Object.entries(value)) {
        open.push({ value: key, depth: depth + 1, path });
        open.push({ value: item, depth: depth + 1, path: path === '' ? key : `${path}.${key}` });
      }
    }
  }
}

/** What `parseInput` would refuse, one issue per field; for forms, before anything is sent. */
export function inputIssues(schema: z.ZodType, input: unknown): readonly FieldIssue[] {
  const parsed = schema.safeParse(input, { error: describe });
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => toFieldIssues(issue, input, true));
}

/**
 * Parses what a client sent; throws AppError('invalid') with one issue per refused field. Issues repeat short refused
 * values unless `echo` is false: where secrets are typed, one may stand in the wrong field.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  options: { readonly echo?: boolean } = {},
): z.output<Schema> {
  requireStorableText(input);
  const parsed = schema.safeParse(input, { error: describe });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue) => toFieldIssues(issue, input, options.echo ?? true));
  const detail = issues.map((issue) =>
    issue.path === '' ? issue.message : `${issue.path} ${issue.message}`,
  );
  throw new AppError('invalid', detail.slice(0, 5).join('; '), { issues });
}
