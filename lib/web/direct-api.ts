import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DirectRoutes } from './direct-routes';

/** What Next compiles a route to, as it documents for build adapters. */
interface CompiledRoute {
  readonly handler: (
    request: IncomingMessage,
    response: ServerResponse,
    context: {
      readonly waitUntil: (work: Promise<unknown>) => void;
      readonly requestMeta: { readonly hostname: string };
    },
  ) => Promise<unknown>;
}

/** Next's own: it waits until Next is ready, and settles when the request is served. */
type NextListener = (request: IncomingMessage, response: ServerResponse) => unknown;

interface HeaderRule {
  readonly source: string;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly has?: unknown;
  readonly missing?: unknown;
}

/** Next makes the address of a request from it. Ours look at path and query only, and `::` would make no address. */
const REQUEST_META = { hostname: 'localhost' };

/** What was built beside Next's `server.js`. */
class Build {
  /** Sent with every answer, as next.config says. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Names of routes, and the folder of each. */
  readonly routes: ReadonlyMap<string, string>;
  private readonly load: (path: string) => CompiledRoute | Promise<CompiledRoute>;
  private readonly directory: string;

  /** @throws Error when it is not as this knows how to serve it. */
  constructor(serverFile: string) {
    this.load = createRequire(serverFile);
    this.directory = join(serverFile, '..', '.next');
    const rules = this.read<{ headers: HeaderRule[] }>('routes-manifest.json').headers;
    const unknown = rules.find(({ source, has, missing }) => source !== '/:path*' || has || missing);
    if (unknown !== undefined) throw new Error(`A header rule is not for every path: ${unknown.source}.`);
    this.headers = rules.flatMap(({ headers }) => headers.map(({ key, value }) => [key, value] as const));
    const files = Object.entries(this.read<Record<string, string>>('app-path-routes-manifest.json'));
    this.routes = new Map(files.flatMap(([file, page]) => (file.endsWith('/route') ? [[page, file]] : [])));
  }

  async compiled(page: string): Promise<CompiledRoute> {
    return this.load(join(this.directory, 'server', 'app', `${this.routes.get(page)}.js`));
  }

  private read<T>(file: string): T {
    return JSON.parse(readFileSync(join(this.directory, file), 'utf8'));
  }
}

/**
 * A listener that takes plain API requests to their route handler at once: Next's own way there costs more than most of
 * our answers. All else, and all before Next is ready, goes to `next`.
 * @throws Error when the build beside `serverFile` is not as expected.
 */
export function directApi(next: NextListener, serverFile: string): RequestListener {
  const build = new Build(serverFile);
  const routes = new DirectRoutes([...build.routes.keys()]);
  const loaded = new Map<string, Promise<CompiledRoute | null>>();
  let isNextReady = false;

  /** Null: it does not load. */
  const compiled = (page: string): Promise<CompiledRoute | null> => {
    let route = loaded.get(page);
    if (route === undefined) {
      route = build.compiled(page).catch((error: unknown) => {
        console.error(error);
        return null;
      });
      loaded.set(page, route);
    }
    return route;
  };

  const serve = async (page: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const route = await compiled(page);
    if (route === null) {
      await next(request, response);
      return;
    }
    for (const [name, value] of build.headers) response.setHeader(name, value);
    await route.handler(request, response, {
      waitUntil: (work) => void work.catch(console.error),
      requestMeta: REQUEST_META,
    });
  };

  return (request, response) => {
    const page = isNextReady ? routes.find(request) : null;
    if (page === null) {
      void Promise.resolve(next(request, response)).then(() => {
        isNextReady = true;
      });
      return;
    }
    serve(page, request, response).catch((error: unknown) => {
      console.error(error);
      // An answer that broke off must not look whole.
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  };
}
