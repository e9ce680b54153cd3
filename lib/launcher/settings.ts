import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataDirectory } from './data-directory';
import { LaunchError } from './launch-error';

export interface LaunchSettings {
  host: string;
  port: number;
  dataDir: string;
  /** Null: the embedded server. */
  databaseUrl: string | null;
}

/** The directory of package.json above this file, whether it runs from source or from `dist/`. */
export function projectDirectory(from = import.meta.dirname): string {
  if (existsSync(join(from, 'package.json'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new LaunchError('package.json is missing: the installation is incomplete.');
  return projectDirectory(parent);
}

/** Tells this process, and all it starts, where the build has put the migrations. */
export function nameBuiltMigrations(projectDir: string): void {
  process.env.COMMANDCENTER_MIGRATIONS ??= join(projectDir, 'dist', 'migrations');
}

/** @throws LaunchError naming the variable, its value and what it may be. */
export function readLaunchSettings(projectDir: string, env: NodeJS.ProcessEnv = process.env): LaunchSettings {
  const portText = env.PORT || '3000';
  const port = Number(portText);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new LaunchError(`PORT is "${portText}"; it must be a whole number from 1 to 65535.`);
  }
  const databaseUrl = env.DATABASE_URL || null;
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    throw new LaunchError(
      'DATABASE_URL must begin with postgres:// (leave it out for the embedded database).',
    );
  }
  return { host: env.HOST || '127.0.0.1', port, dataDir: dataDirectory(projectDir, env), databaseUrl };
}
