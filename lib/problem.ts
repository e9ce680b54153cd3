import { randomUUID } from 'node:crypto';
import { AppError, type ErrorCode, type FieldIssue } from './errors';
import { log } from './log';

const STATUS: Record<ErrorCode, { status: number; title: string }> = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Sign in or send an API token' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'It conflicts with what is there' },
  stale: { status: 412, title: 'Somebody changed it meanwhile' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media: { status: 415, title: 'The body must be JSON' },
  rate_limited: { status: 429, title: 'Too many attempts' },
  unavailable: { status: 503, title: 'Not available now' },
};

/** RFC 9457. `errors` is there for refused fields, `correlation_id` for a fault of ours. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldIssue[];
  readonly correlation_id?: string;
}

/** No cache keeps an answer, and no proxy or compressor delays it (small bodies gain nothing from gzip). */
export const ANSWER_HEADERS = { 'Cache-Control': 'no-store, no-transform' } as const;

/** When another attempt makes sense, where nothing better is known. */
export const DEFAULT_RETRY_SECONDS = 5;

/** How the driver and Node name a database that is not there (postgres.js codes and socket errors). */
const CONNECTION_ERRORS = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/**
 * SQLSTATE classes that a later attempt may get past: 08 connection, 28 refused sign-in to the database, 53 out of
 * resources, 57 operator intervention, 58 system error, 40 serialisation failure, 25006 read-only standby,
 * 3D000 no such database, 42P01 no such table (not migrated yet).
 */
const RETRYABLE_SQLSTATE = /^(?:08|28|53|57|58|40)[0-9A-Z]{3}$|^25006$|^3D000$|^42P01$/;

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && next !== null && chain.length < 8; ) {
    chain.push(next);
    next = next instanceof Error ? next.cause : undefined;
  }
  return chain;
}

function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : null;
}

/** Whether the database is out of reach or cannot serve now, as against refusing this statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return causes(error).some((cause) => {
    const code = codeOf(cause);
    if (code === null) return false;
    // A Unix socket that is gone; any other missing file is a fault of ours.
    if (code === 'ENOENT') return (cause as NodeJS.ErrnoException).syscall === 'connect';
    return CONNECTION_ERRORS.has(code) || RETRYABLE_SQLSTATE.test(code);
  });
}

/**
 * What the log keeps of a fault: names, codes and places, never a statement's parameters or a row's content
 * (drizzle puts the one into its message, PostgreSQL the other into `detail`).
 */
export function describeFault(error: unknown) {
  return causes(error).map((cause) => {
    if (!(cause instanceof Error)) return { name: typeof cause };
    const text =
      cause.name.startsWith('Drizzle') || cause.message.startsWith('Failed query') ? null : cause.message;
    const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    const place = ['table_name', 'column_name', 'constraint_name'].flatMap((key) => {
      const value = (cause as unknown as Record<string, unknown>)[key];
      return typeof value === 'string' ? [[key, value]] : [];
    });
    return {
      name: cause.name,
      code: codeOf(cause),
      message: text,
      at: frames.slice(0, 12),
      ...Object.fromEntries(place),
    };
  });
}

function answer(problem: Problem, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { ...ANSWER_HEADERS, 'Content-Type': 'application/problem+json', ...headers },
  });
}

export function problemOf(error: AppError, headers: Record<string, string> = {}): Response {
  const { status, title } = STATUS[error.code];
  const more = { ...headers };
  if (error.code === 'unauthenticated') more['WWW-Authenticate'] = 'Bearer realm="CommandCenter"';
  const retry = error.retryAfterSeconds ?? (status === 503 || status === 429 ? DEFAULT_RETRY_SECONDS : null);
  if (retry !== null) more['Retry-After'] = String(Math.ceil(retry));
  return answer(
    {
      type: `urn:commandcenter:problem:${error.code}`,
      title,
      status,
      detail: error.message,
      ...(error.issues.length > 0 ? { errors: error.issues } : {}),
    },
    more,
  );
}

/** The fault as the log knows it, under an id that the client may quote. */
export function logFault(error: unknown, request: { method: string; path: string }): string {
  const correlationId = randomUUID();
  log.error({ correlationId, ...request, causes: describeFault(error) }, 'request failed');
  return correlationId;
}

/** Maps whatever a handler threw: refusals as they are, an absent database as 503, all else as an opaque 500. */
export function problemFrom(error: unknown, request: { method: string; path: string }): Response {
  if (error instanceof AppError) return problemOf(error);
  if (isDatabaseUnavailable(error)) {
    log.warn({ ...request, causes: describeFault(error) }, 'database not available');
    return problemOf(new AppError('unavailable', 'The database is not available. Try again shortly.'));
  }
  const correlationId = logFault(error, request);
  return answer(
    {
      type: 'urn:commandcenter:problem:internal',
      title: 'Something failed on our side',
      status: 500,
      detail: `The log holds the cause under ${correlationId}.`,
      correlation_id: correlationId,
    },
    {},
  );
}
