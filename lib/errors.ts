/** What can go wrong for a caller; each transport maps a code once (lib/problem.ts for HTTP). */
export const ERROR_CODES = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'stale',
  'too_large',
  'unsupported_media',
  'rate_limited',
  'unavailable',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * One field that was refused. `path` is the wire name, dotted ("voltage_low", "voltage_curve.2.voltage"), "" for the
 * body as a whole. `values` names what clashes: every field of the rule with its value, the stored one where the
 * request left it out, or the limit ({ priority_level: 11, maximum: 10 }).
 */
export interface FieldIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

interface AppErrorOptions {
  readonly issues?: readonly FieldIssue[];
  /** For rate_limited and unavailable: when another attempt makes sense. */
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** An expected refusal, whose message may reach the client. Everything else answers as an opaque 500. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly issues: readonly FieldIssue[];
  readonly retryAfterSeconds: number | null;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.issues = options.issues ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}
