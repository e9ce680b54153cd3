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
    context: { readonly waitUntil: (work: Promise<unknown>) => void },
  ) => Promise<unknown>;
}

/** Next's own: it waits until Next is ready, and settles when the request is served. */
type NextListener = (request: IncomingMessage, response: ServerResponse) => unknown;

interface HeaderRule {
  readonly regex: string;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
}

/** What was built beside Next's `server.js`. */
class Build {
  private readonly load: (path: string) => CompiledRoute | Promise<CompiledRoute>;
  private readonly directory: string;
  private readonly headerRules: readonly HeaderRule[];

  constructor(serverFile: string) {
    this.load = createRequire(serverFile);
    this.directory = join(serverFile, '..', '.next');
    this.headerRules = this.read<{ headers: HeaderRule[] }>('routes-manifest.json').headers;
  }

  pages(): string[] {
    return Object.values(this.read<Record<string, string>>('app-path-routes-manifest.json'));
  }

  /** The route's handler, with the headers that next.config sets for its path. */
  async route(page: string): Promise<CompiledRoute & { headers: ReadonlyMap<string, string> }> {
    const rules = this.headerRules.filter(({ regex }) => new RegExp(regex).test(page));
    const headers = new Map(rules.flatMap((rule) => rule.headers.map(({ key, value }) => [key, value])));
    const { handler } = await this.load(join(this.directory, 'server', 'app', page, 'route.js'));
    return { handler, headers };
  }

  private read<T>(file: string): T {
    return JSON.parse(readFileSync(join(this.directory, file), 'utf8'));
  }
}

/**
 * A listener that takes plain API requests to their route handler at once: Next's own way there costs more than most of
 * our answers. All else, and all before Next is ready, goes to `next`.
 */
export function directApi(next: NextListener, serverFile: string): RequestListener {
  const build = new Build(serverFile);
  const routes = new DirectRoutes(build.pages());
  const loaded = new Map<string, ReturnType<Build['route']>>();
  let isNextReady = false;

  const serve = async (page: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let route = loaded.get(page);
    if (route === undefined) {
      route = build.route(page);
      loaded.set(page, route);
    }
    const { handler, headers } = await route;
    for (const [name, value] of headers) response.setHeader(name, value);
    await handler(request, response, { waitUntil: (work) => void work.catch(console.error) });
  };

  return (request, response) => {
    const page = isNextReady ? routes.find(request.url ?? '', request.headers) : null;
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
