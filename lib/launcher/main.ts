import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@/db/client';
import { ensureFirstRunCode, ownerExists } from '@/lib/auth/first-run';
import { loopbackUrl } from '@/lib/network/addresses';
import type { SupervisedChild } from './child';
import { openConsole } from './console';
import { prepareDataDirectory, secretFile } from './data-directory';
import { type EmbeddedDatabase, keepEmbeddedDatabase } from './embedded-database';
import { listenProblem } from './free-port';
import { LaunchError } from './launch-error';
import { migrateWithPatience, serverName } from './migrate-with-patience';
import { watchNpm } from './parent-watch';
import { webProcess, workerProcess } from './processes';
import { type LaunchSettings, nameBuiltMigrations, projectDirectory, readLaunchSettings } from './settings';
import { watchAnswers } from './web-health';
import { welcome } from './welcome';

/** The web process of a launcher that was killed ends within its grace. */
const PORT_PATIENCE_MS = 6_000;

async function requirePort({ host, port }: LaunchSettings, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + PORT_PATIENCE_MS;
  for (;;) {
    const problem = await listenProblem(port, host);
    if (problem === null) return;
    if (problem === 'EADDRINUSE') {
      if (Date.now() < deadline) {
        await sleep(200, undefined, { signal });
        continue;
      }
      throw new LaunchError(
        `Port ${port} on ${host} is taken by another program. Stop that one, or choose another port: PORT=${port === 65_535 ? 3001 : port + 1} npm start`,
      );
    }
    if (problem === 'EADDRNOTAVAIL' || problem === 'ENOTFOUND') {
      throw new LaunchError(
        `HOST is ${host}, which is no address of this machine. Use 127.0.0.1 (this machine only) or 0.0.0.0 (home network).`,
      );
    }
    if (problem === 'EACCES') {
      throw new LaunchError(
        `Port ${port} needs administrator rights. Choose one from 1024 up: PORT=3000 npm start`,
      );
    }
    throw new LaunchError(`Nothing can listen on ${host}, port ${port}: ${problem}.`);
  }
}

async function firstRunCode(databaseUrl: string, dataDir: string): Promise<string | null> {
  const connection = connect(databaseUrl, { max: 1, applicationName: 'commandcenter-launcher' });
  try {
    return (await ownerExists(connection.db)) ? null : ensureFirstRunCode(dataDir);
  } finally {
    await connection.end();
  }
}

async function main(): Promise<void> {
  const startedAt = performance.now();
  const projectDir = projectDirectory();
  nameBuiltMigrations(projectDir);
  const requested = readLaunchSettings(projectDir);
  const settings = { ...requested, dataDir: prepareDataDirectory(requested.dataDir) };
  const ending = new AbortController();
  const console = openConsole(
    join(settings.dataDir, 'logs'),
    () => void stop('nobody reads the output any more'),
  );
  const say = (text: string) => console.line('launcher', text);

  let opening: Promise<EmbeddedDatabase> | null = null;
  let databaseUrl = '';
  const children: SupervisedChild[] = [];
  let stopped: Promise<never> | null = null;

  function stop(reason: string, exitCode = 0): Promise<never> {
    stopped ??= (async () => {
      const since = performance.now();
      say(`stopping: ${reason}`);
      ending.abort();
      await Promise.all(children.map((child) => child.stop()));
      const database = await opening?.catch(() => null);
      await database
        ?.stop()
        .catch((error: unknown) => say(`${error instanceof Error ? error.message : error}`));
      say(`stopped after ${seconds(since)} s`);
      console.close();
      process.exit(exitCode);
    })();
    return stopped;
  }

  function fail(error: unknown): Promise<never> {
    const unexpected = error instanceof Error ? (error.stack ?? error.message) : String(error);
    // After a stop was asked for, what breaks off half-way is no failure.
    if (!stopped) say(`error: ${error instanceof LaunchError ? error.message : unexpected}`);
    return stop('it cannot go on', 1);
  }

  let interrupts = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupts += 1;
      if (interrupts > 1 && signal === 'SIGINT') void Promise.all(children.map((child) => child.stop(true)));
      void stop(signal);
    });
  }
  process.on('uncaughtException', (error) => void fail(error));
  process.on('unhandledRejection', (error) => void fail(error));
  watchNpm(() => void stop('npm has ended'));

  try {
    // Meanwhile a port that a killed launcher's web still holds comes free; told last, as the least telling problem.
    const portFree = requirePort(settings, ending.signal);
    portFree.catch(() => {});
    if (settings.databaseUrl) {
      databaseUrl = settings.databaseUrl;
      say(`database: ${serverName(databaseUrl)} (DATABASE_URL)`);
    } else {
      opening = keepEmbeddedDatabase({
        dataDir: settings.dataDir,
        onEvent: (text) => console.line('database', text),
        onMoved: (url) => {
          databaseUrl = url;
          for (const child of children) child.restart();
        },
        onLost: (error) => void fail(error),
      });
      databaseUrl = (await opening).url;
    }
    secretFile(join(settings.dataDir, 'secret.key'), () => randomBytes(32).toString('hex'));
    await migrateWithPatience({
      url: databaseUrl,
      signal: ending.signal,
      onEvent: (text) => console.line('database', text),
    });
    const code = await firstRunCode(databaseUrl, settings.dataDir);
    await portFree;
    if (stopped) return;

    const common = { projectDir, settings, databaseUrl: () => databaseUrl, console };
    const web = webProcess(common);
    const worker = workerProcess(common);
    children.push(web, worker);
    const workerReady = worker.start().then(() => say(`worker ready after ${seconds(startedAt)} s`));
    await web.start();
    say(`web ready after ${seconds(startedAt)} s`);
    watchAnswers(loopbackUrl(settings.host, settings.port), () => {
      say('web does not answer');
      web.restart();
    });
    console.announce(await welcome({ host: settings.host, port: settings.port, firstRunCode: code }));
    await workerReady;
  } catch (error) {
    await fail(error);
  }
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof LaunchError ? error.message : error instanceof Error ? error.stack : error}\n`,
  );
  process.exit(1);
});
