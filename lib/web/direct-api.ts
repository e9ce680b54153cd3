import { readFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NodeRequest } from 'srvx/node';
import { type DirectRoute, DirectRoutes } from './direct-routes';

/** What a route file exports (lib/route.ts). */
type Handlers = Readonly<
  Record<
    string,
    (
      request: Request,
      context: { readonly params: Promise<Readonly<Record<string, string>>> },
    ) => Promise<Response>
  >
>;

/** What Next compiles a route to: it loads what the file exports when first asked. */
interface CompiledRoute {
  readonly routeModule: { ensureUserland(): Promise<unknown>; readonly userland: Handlers };
}

/** Next's own: it waits until Next is ready, and settles when the request is served. */
type NextListener = (request: IncomingMessage, response: ServerResponse) => unknown;

interface HeaderRule {
  readonly source: string;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly has?: unknown;
  readonly missing?: unknown;
}

/** What was built beside Next's `server.js`. */
class Build {
  /** Sent with every answer, as next.config says. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Names of routes, and the folder of each. */
  readonly routes: ReadonlyMap<string, string>;
  private readonly load: (path: string) => CompiledRoute;
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

  /** The handlers of a route, the same that Next calls: both share one copy of every module. */
  async handlersOf(page: string): Promise<Handlers> {
    const { routeModule } = this.load(join(this.directory, 'server', 'app', `${this.routes.get(page)}.js`));
    await routeModule.ensureUserland();
    return routeModule.userland;
  }

  private read<T>(file: string): T {
    return JSON.parse(readFileSync(join(this.directory, file), 'utf8'));
  }
}

/** Its address has our own host: of what a client may call us, `house:99999` for one, no address can be made. */
function requestOf(request: IncomingMessage, response: ServerResponse): Request {
  const made = new NodeRequest({ req: request, res: response });
  Object.defineProperty(made, 'url', { value: `http://localhost${request.url}` });
  return made;
}

/**
 * A listener that takes plain API requests to their route handler at once: Next's own way there costs more than most of
 * our answers. All else, and all before Next is ready, goes to `next`.
 * @throws Error when the build beside `serverFile` is not as expected.
 */
export function directApi(next: NextListener, serverFile: string): RequestListener {
  const build = new Build(serverFile);
  const routes = new DirectRoutes([...build.routes.keys()]);
  const loaded = new Map<string, Promise<Handlers | null>>();
  let isNextReady = false;

  /** Null: they do not load. */
  const handlersOf = (page: string): Promise<Handlers | null> => {
    let handlers = loaded.get(page);
    if (handlers === undefined) {
      handlers = build.handlersOf(page).catch((error: unknown) => {
        console.error(error);
        return null;
      });
      loaded.set(page, handlers);
    }
    return handlers;
  };

  const serve = async (
    { page, params }: DirectRoute,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const handlers = await handlersOf(page);
    const handler = handlers?.[request.method ?? ''];
    if (handler === undefined) {
      await next(request, response);
      return;
    }
    const answer = await handler(requestOf(request, response), { params: Promise.resolve(params) });
    const body = Buffer.from(await answer.arrayBuffer());
    response.statusCode = answer.status;
    for (const [name, value] of [...build.headers, ...answer.headers]) response.appendHeader(name, value);
    response.end(body);
  };

  return (request, response) => {
    const route = isNextReady ? routes.find(request) : null;
    if (route === null) {
      void Promise.resolve(next(request, response)).then(() => {
        isNextReady = true;
      });
      return;
    }
    serve(route, request, response).catch((error: unknown) => {
      console.error(error);
      // An answer that broke off must not look whole.
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  };
}
