import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Recorded dumps are reference material that is not shipped; see docs/victron.md. Undefined where there are none. */
export const RECORDINGS = [
  process.env.COMMANDCENTER_FIXTURES,
  join(process.cwd(), '..', 'shared', 'fixtures'),
]
  .filter((path) => path !== undefined)
  .map((path) => join(path, 'victron-mqtt'))
  .find((path) => existsSync(path));
