import { z } from 'zod';
import { type Database, getDatabase } from '@/db/client';
import { authenticate } from './auth/authenticate';
import { includes, type Scope } from './auth/permission';
import type { Principal } from './auth/principal';
import { AppError } from './errors';
import { ANSWER_HEADERS, DEFAULT_RETRY_SECONDS, problemFrom, problemOf } from './problem';
import { readJsonBody } from './request-body';
import { isSameOrigin } from './same-origin';
import { etagOf } from './settings-versions/etag';
import { parseInput } from './validate';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];
type Served = Exclude<Method, 'HEAD' | 'OPTIONS'>;

/** What Next passes beside the request. */
interface RouteContext {
  readonly params: Promise<Record<string, string | string[] | undefined>>;
}
type Handler = (request: Request, context: RouteContext) => Promise<Response>;

interface Call<Access extends Scope | 'open', Params, Query, Body> {
  readonly db: Database;
  /** Null only where strangers are let in. */
  readonly principal: Access extends 'open' ? Principal | null : Principal;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The ETag that the client's change is based on; null = it named none. */
  readonly ifMatch: string | null;
  readonly request: Request;
}

interface Endpoint<
  Access extends Scope | 'open',
  ParamsSchema extends z.ZodType,
  QuerySchema extends z.ZodType,
  BodySchema extends z.ZodType,
> {
  /** What a caller must be allowed to do; `open` lets strangers in. */
  readonly access: Access;
  readonly params?: ParamsSchema;
  readonly query?: QuerySchema;
  /** Absent: the endpoint takes no body, and one that is sent is not read. */
  readonly body?: BodySchema;
  /** Where a body may be larger than lib/request-body.ts allows. */
  readonly maxBodyBytes?: number;
  readonly handle: (
    call: Call<Access, z.output<ParamsSchema>, z.output<QuerySchema>, z.output<BodySchema>>,
  ) => Promise<Response>;
}

/** One method of a route; the function exists for the types only. */
export function endpoint<
  Access extends Scope | 'open',
  ParamsSchema extends z.ZodType = z.ZodUndefined,
  QuerySchema extends z.ZodType = z.ZodUndefined,
  BodySchema extends z.ZodType = z.ZodUndefined,
>(definition: Endpoint<Access, ParamsSchema, QuerySchema, BodySchema>) {
  return definition as unknown as AnyEndpoint;
}
type AnyEndpoint = Endpoint<Scope, z.ZodType, z.ZodType, z.ZodType>;

/** `/…/{id}`: an id of another shape names nothing, so it answers 404. */
export const idParams = z.object({ id: z.guid() });

export function json(data: unknown, status = 200): Response {
  const retry = status === 503 ? { 'Retry-After': String(DEFAULT_RETRY_SECONDS) } : null;
  return Response.json(data, { status, headers: { ...ANSWER_HEADERS, ...retry } });
}

/** One settings row with the ETag that a later change may name in If-Match; 201 where `createdAt` is its new path. */
export function resource(wire: Readonly<Record<string, unknown>>, createdAt?: string): Response {
  const headers: Record<string, string> = { ...ANSWER_HEADERS, ETag: etagOf(wire) };
  if (createdAt !== undefined) headers.Location = createdAt;
  return Response.json(wire, { status: createdAt === undefined ? 200 : 201, headers });
}

/** Settings rows whose order is a setting too: the ETag is of that. */
export function collection(wires: readonly unknown[], etag: string): Response {
  return Response.json(wires, { headers: { ...ANSWER_HEADERS, ETag: etag } });
}

/** For answers large enough that gzip pays. */
export function compressible(data: unknown): Response {
  return Response.json(data, { headers: { 'Cache-Control': 'no-store' } });
}

/** The same for JSON that is text already. */
export function compressibleText(text: string): Response {
  return new Response(text, { headers: { 'Cache-Control': 'no-store', 'Content-Type': 'application/json' } });
}

export function noContent(headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 204, headers: { ...ANSWER_HEADERS, ...headers } });
}

/** If-Match as one strong tag. `*` asks for the row to be there, which every change does anyway. */
function readIfMatch(headers: Headers): string | null {
  const header = headers.get('if-match')?.trim();
  if (!header || header === '*') return null;
  const tag = /^(?:W\/)?("[^"]*")$/.exec(header)?.[1];
  if (tag === undefined) {
    const message = 'If-Match must hold one ETag, as the last answer gave it.';
    throw new AppError('invalid', message, {
      issues: [{ path: 'If-Match', code: 'invalid_header', message }],
    });
  }
  return tag;
}

/** An open endpoint must answer without a database too; then everybody is a stranger. */
async function identify(db: Database, definition: AnyEndpoint, request: Request): Promise<Principal | null> {
  try {
    return await authenticate(db, request.headers);
  } catch (error) {
    if ((definition.access as Scope | 'open') === 'open') return null;
    throw error;
  }
}

function authorise(definition: AnyEndpoint, principal: Principal | null, request: Request): void {
  const needed = definition.access as Scope | 'open';
  if (needed !== 'open') {
    if (principal === null) {
      throw new AppError('unauthenticated', 'Sign in, or send "Authorization: Bearer <api token>".');
    }
    if (!includes(principal.scope, needed)) {
      throw new AppError(
        'forbidden',
        `This needs the permission "${needed}"; yours is "${principal.scope}".`,
      );
    }
  }
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  const byBrowser = principal?.kind === 'session' || (principal === null && request.headers.has('origin'));
  if (changes && byBrowser && !isSameOrigin(request.headers)) {
    throw new AppError('forbidden', 'A change with a session must come from this site (Origin).');
  }
}

async function readParams(definition: AnyEndpoint, context: RouteContext): Promise<unknown> {
  if (!definition.params) return undefined;
  const parsed = definition.params.safeParse(await context.params);
  if (!parsed.success) throw new AppError('not_found', 'There is nothing here.');
  return parsed.data;
}

function readQuery(definition: AnyEndpoint, request: Request): unknown {
  if (!definition.query) return undefined;
  return parseInput(definition.query, Object.fromEntries(new URL(request.url).searchParams));
}

function serve(definition: AnyEndpoint): Handler {
  return async (request, context) => {
    try {
      const db = getDatabase().db;
      const principal = await identify(db, definition, request);
      authorise(definition, principal, request);
      const params = await readParams(definition, context);
      const query = readQuery(definition, request);
      const ifMatch = readIfMatch(request.headers);
      const body = definition.body
        ? parseInput(definition.body, await readJsonBody(request, definition.maxBodyBytes))
        : undefined;
      return await definition.handle({
        db,
        principal: principal as Principal,
        params,
        query,
        body,
        ifMatch,
        request,
      });
    } catch (error) {
      return problemFrom(error, { method: request.method, path: new URL(request.url).pathname });
    }
  };
}

function refuse(allow: string): Handler {
  return async (request) =>
    problemOf(new AppError('method_not_allowed', `${request.method} is not offered here, but ${allow}.`), {
      Allow: allow,
    });
}

/**
 * All exports of a route file: what is given, HEAD beside GET, OPTIONS, and a problem document for every other method.
 * In order: session or token (401), permission and Origin (403), path (404), query, media type (415), size (413),
 * JSON and fields (400), then the handler. Nothing thrown reaches the client but an AppError's message.
 */
export function route(endpoints: Partial<Record<Served, AnyEndpoint>>): Record<Method, Handler> {
  const offered = METHODS.filter(
    (method) => method === 'OPTIONS' || (method === 'HEAD' ? endpoints.GET : endpoints[method as Served]),
  );
  const allow = offered.join(', ');
  const refusal = refuse(allow);
  const handlers = {} as Record<Method, Handler>;
  for (const method of METHODS) {
    const definition = endpoints[method as Served];
    handlers[method] = definition ? serve(definition) : refusal;
  }
  const get = endpoints.GET;
  if (get) {
    const head = serve(get);
    handlers.HEAD = async (request, context) => {
      const { status, headers, body } = await head(request, context);
      await body?.cancel();
      return new Response(null, { status, headers });
    };
  }
  handlers.OPTIONS = async () =>
    new Response(null, { status: 204, headers: { ...ANSWER_HEADERS, Allow: allow } });
  return handlers;
}
