import { unstable_rethrow } from 'next/navigation';
import type { z } from 'zod';
import { type Database, getDatabase } from '@/db/client';
import { includes, type Scope } from './auth/permission';
import { requireUser } from './auth/session';
import type { SessionHolder } from './auth/sessions';
import { AppError } from './errors';
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

function refusal(error: unknown, fields: Record<string, string>, name: string): FormState {
  unstable_rethrow(error);
  const { password: _password, code: _code, ...values } = fields;
  if (error instanceof AppError) {
    const fieldErrors = Object.fromEntries(
      error.issues.filter((issue) => issue.path !== '').map((issue) => [issue.path, issue.message]),
    );
    return { error: error.message, ...(error.issues.length > 0 ? { fieldErrors } : {}), values };
  }
  if (isDatabaseUnavailable(error)) {
    return { error: 'The database is not available now. Try again shortly.', values };
  }
  const correlationId = logFault(error, { method: 'ACTION', path: name });
  return { error: `Something failed on our side. The log holds the cause under ${correlationId}.`, values };
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
      return refusal(error, fields, name);
    }
  };
}

/** The same for who is signed in and has the permission; strangers are sent to sign in. */
export function userFormAction<Schema extends z.ZodType>(
  name: string,
  options: { readonly needs: Scope; readonly schema: Schema },
  handle: (call: { db: Database; user: SessionHolder; input: z.output<Schema> }) => Promise<FormState>,
): FormAction {
  return async (_previous, form) => {
    const fields = textFields(form);
    try {
      const user = await requireUser();
      if (!includes(user.scope, options.needs))
        throw new AppError('forbidden', 'Your account may not do this.');
      return await handle({ db: getDatabase().db, user, input: parseInput(options.schema, fields) });
    } catch (error) {
      return refusal(error, fields, name);
    }
  };
}
