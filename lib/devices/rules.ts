import { DRIVER_CATALOG, type DriverKey } from '@/lib/drivers/catalog';
import { AppError } from '@/lib/errors';
import { parseInput } from '@/lib/validate';
import { isSealed, seal } from './secrets';

/** Stands for a kept secret while the driver's schema looks at the rest. */
const KEPT_SECRET = 'kept';

type Settings = Readonly<Record<string, unknown>>;

/**
 * Connection settings as they are stored: checked by the driver's schema, secrets sealed. A secret that `given` leaves
 * out is taken from `stored`; null removes it.
 * @throws AppError invalid, with paths under "connection".
 */
export function connectionToStore(
  driver: DriverKey,
  given: Settings,
  stored: Settings = {},
): Record<string, unknown> {
  const { connectionSchema, secretFields } = DRIVER_CATALOG[driver];
  const kept = secretFields.filter((name) => !Object.hasOwn(given, name) && isSealed(stored[name]));
  const open: Record<string, unknown> = { ...given };
  for (const name of secretFields) if (open[name] === null) delete open[name];
  for (const name of kept) open[name] = KEPT_SECRET;

  let checked: Record<string, unknown>;
  try {
    checked = parseInput(connectionSchema, open, { echo: false }) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const issues = error.issues.map((issue) => ({
      ...issue,
      path: ['connection', issue.path].filter(Boolean).join('.'),
    }));
    throw new AppError('invalid', `connection of a ${driver} device: ${error.message}`, { issues });
  }
  for (const name of secretFields) {
    if (kept.includes(name)) checked[name] = stored[name];
    else if (typeof checked[name] === 'string') checked[name] = seal(checked[name]);
  }
  return checked;
}

/** @throws AppError invalid when the driver cannot measure one of the roles, or cannot switch. */
export function requireCapable(
  driver: DriverKey,
  wanted: { roles: readonly string[]; control_enabled: boolean },
): void {
  const entry = DRIVER_CATALOG[driver];
  const impossible = wanted.roles.filter((role) => !(entry.roles as readonly string[]).includes(role));
  if (impossible.length > 0) {
    const message = `A ${driver} device cannot measure ${impossible.join(', ')}; it offers ${entry.roles.join(', ') || 'nothing'}.`;
    throw new AppError('invalid', message, {
      issues: [{ path: 'roles', code: 'unsupported_role', message, values: { roles: wanted.roles, driver } }],
    });
  }
  if (wanted.control_enabled && !entry.controllable) {
    const message = `A ${driver} device only measures: control_enabled must be false.`;
    throw new AppError('invalid', message, {
      issues: [
        {
          path: 'control_enabled',
          code: 'not_controllable',
          message,
          values: { control_enabled: true, driver },
        },
      ],
    });
  }
}
