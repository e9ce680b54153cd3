import { revalidatePath } from 'next/cache';
import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { type Database, getDatabase } from '@/db/client';
import { includes, type Scope } from './auth/permission';
import { currentUser } from './auth/session';
import type { SessionHolder } from './auth/sessions';
import { AppError, type ErrorCode, type FieldIssue } from './errors';
import { isDatabaseUnavailable, logFault } from './problem';
import { parseInput } from './validate';

/** What a form shows after a refused attempt; `fieldErrors` by field name. */
export interface FormState {
  readonly error?: string;
  readonly fieldErrors?: Readonly<Record<string, string>>;
  /** What was typed, without passwords: React empties a form after its action. */
  readonly values?: Readonly<Record<string, string>>;
}

type FormAction = (previous: FormState, form: FormData) => Promise<FormState>;

function textFields(form: FormData): Record<string, string> {
  // Next adds fields of its own, which start with "$ACTION".
  return Object.fromEntries(
    [...form].flatMap(([name, value]) =>
      typeof value === 'string' && !name.startsWith('$ACTION') ? [[name, value]] : [],
    ),
  );
}

/** Why an action did nothing; `issues` by wire name, as the API's problem document has them. */
export interface Refusal {
  readonly status: 'refused';
  /** Absent where something failed on our side. */
  readonly code?: ErrorCode;
  readonly error: string;
  readonly issues: readonly FieldIssue[];
}

/** Maps whatever an action threw, as lib/problem.ts does for the API; Next's own redirects go through. */
function refusalOf(error: unknown, name: string): Refusal {
  unstable_rethrow(error);
  if (error instanceof AppError) {
    const { code, message, issues } = error;
    return { status: 'refused', code, error: message, issues };
  }
  if (isDatabaseUnavailable(error)) {
    return {
      status: 'refused',
      error: 'The database is not available now. Try again shortly.',
      issues: [],
    };
  }
  const correlationId = logFault(error, { method: 'ACTION', path: name });
  return {
    status: 'refused',
    error: `Something failed on our side. The log holds the cause under ${correlationId}.`,
    issues: [],
  };
}

function formRefusal(error: unknown, fields: Record<string, string>, name: string): FormState {
  const { error: message, issues } = refusalOf(error, name);
  const { password: _password, code: _code, ...values } = fields;
  const named = issues.filter((issue) => issue.path !== '');
  const fieldErrors = Object.fromEntries(named.map((issue) => [issue.path, issue.message]));
  return { error: message, ...(issues.length > 0 ? { fieldErrors } : {}), values };
}

/** A form's server action that anybody may call; also works before the page's JavaScript has loaded. */
export function openFormAction<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  handle: (db: Database, input: z.output<Schema>) => Promise<FormState>,
): FormAction {
  return async (_previous, form) => {
    const fields = textFields(form);
    try {
      return await handle(getDatabase().db, parseInput(schema, fields));
    } catch (error) {
      return formRefusal(error, fields, name);
    }
  };
}

interface UserCall<Input> {
  readonly db: Database;
  readonly user: SessionHolder;
  readonly input: Input;
}

/** Session first, then permission, then the input. @throws AppError unauthenticated, forbidden, invalid. */
async function userCall<Schema extends z.ZodType>(
  options: { readonly needs: Scope; readonly schema: Schema },
  input: unknown,
): Promise<UserCall<z.output<Schema>>> {
  const user = await currentUser();
  // No redirect to the sign-in: it would take what was typed with it.
  if (user === null) throw new AppError('unauthenticated', 'You are signed out. Nothing was changed.');
  if (!includes(user.scope, options.needs)) throw new AppError('forbidden', 'Your account may not do this.');
  return { db: getDatabase().db, user, input: parseInput(options.schema, input) };
}

/**
 * A server action for who is signed in and has the permission; it takes data instead of a form's text, and `handle`
 * answers with a `status` of its own.
 */
export function userAction<Schema extends z.ZodType, Result extends { readonly status: string }>(
  name: string,
  options: { readonly needs: Scope; readonly schema: Schema },
  handle: (call: UserCall<z.output<Schema>>) => Promise<Result>,
): (input: unknown) => Promise<Result | Refusal> {
  return async (input) => {
    try {
      return await handle(await userCall(options, input));
    } catch (error) {
      // What is gone is gone from the page that asked, too: rendered anew, that says what happened.
      if (error instanceof AppError && error.code === 'not_found') revalidatePath('/settings', 'layout');
      return refusalOf(error, name);
    }
  };
}
