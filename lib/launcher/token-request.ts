import { parseArgs } from 'node:util';
import { SCOPES, type Scope } from '@/lib/auth/permission';
import { newTokenInput } from '@/lib/auth/schema';
import { LaunchError } from './launch-error';

const USAGE = 'npm run --silent token -- --name NAME --scope read|control|admin [--expires DAYS]';

export interface TokenRequest {
  name: string;
  scope: Scope;
  expiresDays: number | null;
}

/** @throws LaunchError naming the option and what it may be. */
export function readTokenRequest(args: readonly string[]): TokenRequest {
  let values: { name?: string; scope?: string; expires?: string };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: { name: { type: 'string' }, scope: { type: 'string' }, expires: { type: 'string' } },
    }));
  } catch (error) {
    throw new LaunchError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
  const name = values.name?.trim();
  if (!name) throw new LaunchError(`--name is missing: what is the token for?\n${USAGE}`);
  const { name: nameLimits, expires_days: expiryLimits } = newTokenInput.shape;
  if (!nameLimits.safeParse(name).success) {
    throw new LaunchError(
      `--name is "${name}"; it must have at most ${nameLimits.maxLength} characters.\n${USAGE}`,
    );
  }
  const scope = SCOPES.find((known) => known === values.scope);
  if (!scope)
    throw new LaunchError(
      `--scope is "${values.scope ?? ''}"; it must be one of ${SCOPES.join(', ')}.\n${USAGE}`,
    );
  const expiresDays = values.expires === undefined ? null : Number(values.expires);
  if (!expiryLimits.safeParse(expiresDays).success) {
    const { minValue, maxValue } = expiryLimits.unwrap();
    throw new LaunchError(
      `--expires is "${values.expires}"; it must be a whole number of days from ${minValue} to ${maxValue}.\n${USAGE}`,
    );
  }
  return { name, scope, expiresDays };
}
