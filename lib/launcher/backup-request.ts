import { parseArgs } from 'node:util';
import { LaunchError } from './launch-error';

const BACKUP_USAGE = 'npm run --silent backup -- --to FOLDER [--keep N]';
const RESTORE_USAGE = 'npm run --silent restore -- FILE [--yes]';

function parse<T>(work: () => T, usage: string): T {
  try {
    return work();
  } catch (error) {
    throw new LaunchError(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** `keep` null: none is removed. @throws LaunchError naming the option and what it may be. */
export function readBackupRequest(args: readonly string[]): { to: string; keep: number | null } {
  const options = { to: { type: 'string' }, keep: { type: 'string' } } as const;
  const { values } = parse(() => parseArgs({ args: [...args], options }), BACKUP_USAGE);
  if (!values.to) throw new LaunchError(`--to is missing: into which folder?\n${BACKUP_USAGE}`);
  const keep = values.keep === undefined ? null : Number(values.keep);
  if (keep !== null && !(Number.isInteger(keep) && keep >= 1 && keep <= 1000)) {
    throw new LaunchError(
      `--keep is "${values.keep}"; it must be a whole number from 1 to 1000.\n${BACKUP_USAGE}`,
    );
  }
  return { to: values.to, keep };
}

/** @throws LaunchError */
export function readRestoreRequest(args: readonly string[]): { file: string; yes: boolean } {
  const { values, positionals } = parse(
    () => parseArgs({ args: [...args], options: { yes: { type: 'boolean' } }, allowPositionals: true }),
    RESTORE_USAGE,
  );
  const [file, ...rest] = positionals;
  if (!file || rest.length > 0) throw new LaunchError(`Name one backup file.\n${RESTORE_USAGE}`);
  return { file, yes: values.yes ?? false };
}
