import type { IncomingMessage } from 'node:http';

/** Large answers are worth compressing (lib/route.ts, `compressible`), which Next does; a stream gains nothing here. */
const LARGE_OR_STREAMED = new Set([
  '/api/events',
  '/api/gains',
  '/api/replay/history',
  '/api/telemetry',
  '/api/telemetry/export',
  '/api/telemetry/runs',
]);

/** What our routes export (lib/route.ts). */
const METHODS = new Set(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']);
/** Nothing encoded and no file ending: there is one reading of it only. */
const PLAIN_PATH = /^\/api(?:\/[A-Za-z0-9-]+)+$/;
const PLAIN_QUERY = /^[\w.:,=&-]*$/;
/** Next takes path parameters from query keys with this prefix, too. */
const NEXT_PARAMETER = /(?:^|&)nxt/i;
/**
 * What the parts of Next say to each other; from a client it is a mistake or an attack, and Next knows how to read it.
 * And a body of unknown length: one that is too long is given up half read, which here would leave its connection stuck.
 */
const NOT_PLAIN_HEADER =
  /^(?:x-(?:invocation|matched-path|middleware|next|nextjs|now)|next-|rsc$|purpose$|transfer-encoding$)/;

export interface DirectRoute {
  /** The name of the route. */
  readonly page: string;
  readonly params: Readonly<Record<string, string>>;
}

/** The route that Next would choose for a request, where the request is so plain that there is no doubt. */
export class DirectRoutes {
  private readonly exact: ReadonlyMap<string, DirectRoute>;
  private readonly patterns: readonly { readonly page: string; readonly pattern: RegExp }[];

  /** `pages`: all routes by Next's names, for instance `/api/miners/[id]`. */
  constructor(pages: readonly string[]) {
    const own = pages.filter((page) => page.startsWith('/api/') && !page.includes('...'));
    this.exact = new Map(
      own.filter((page) => !page.includes('[')).map((page) => [page, { page, params: {} }]),
    );
    this.patterns = own
      .filter((page) => page.includes('['))
      .map((page) => ({ page, pattern: new RegExp(`^${page.replaceAll(/\[(\w+)\]/g, '(?<$1>[^/]+)')}$`) }));
  }

  /** Null where Next shall look at the request itself. */
  find({
    method = '',
    url = '',
    headers,
    rawHeaders,
  }: Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>): DirectRoute | null {
    if (!METHODS.has(method)) return null;
    // A header that is there twice has two readings.
    if (rawHeaders.length !== 2 * Object.keys(headers).length) return null;
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const query = mark === -1 ? '' : url.slice(mark + 1);
    if (!PLAIN_PATH.test(path) || !PLAIN_QUERY.test(query) || NEXT_PARAMETER.test(query)) return null;
    for (const name in headers) if (NOT_PLAIN_HEADER.test(name)) return null;
    const route = this.exact.get(path) ?? this.match(path);
    return route === null || LARGE_OR_STREAMED.has(route.page) ? null : route;
  }

  private match(path: string): DirectRoute | null {
    for (const { page, pattern } of this.patterns) {
      const params = pattern.exec(path)?.groups;
      if (params !== undefined) return { page, params };
    }
    return null;
  }
}
