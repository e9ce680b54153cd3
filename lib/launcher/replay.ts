import { parseArgs } from 'node:util';
import { connect } from '@/db/client';
import { OWNER_ID } from '@/lib/core/defaults';
import { replayDay } from '@/lib/replay/day';
import { runCommand } from './command';
import { LaunchError } from './launch-error';
import { withSiteDatabase } from './site-database';

const USAGE = 'npm run --silent replay -- --day YYYY-MM-DD';

function readDay(args: readonly string[]): string {
  let day: string | undefined;
  try {
    day = parseArgs({ args: [...args], options: { day: { type: 'string' } } }).values.day;
  } catch (error) {
    throw new LaunchError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
  const isDate = day !== undefined && /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day));
  if (day === undefined || !isDate) {
    throw new LaunchError(`--day is "${day ?? ''}"; it must be a date like 2026-06-15.\n${USAGE}`);
  }
  return day;
}

/** Decides a recorded day again; ends with an error unless every verdict comes out as recorded. */
async function main(): Promise<void> {
  const date = readDay(process.argv.slice(2));
  const day = await withSiteDatabase(async (url) => {
    const connection = connect(url, { max: 1, applicationName: 'commandcenter-replay' });
    try {
      return await replayDay(connection.db, { ownerId: OWNER_ID, date });
    } finally {
      await connection.end();
    }
  });
  if (day === null || day.verdicts === 0) throw new LaunchError(`Nothing was recorded on ${date}.`);
  const { verdicts, reproduced, report, differences } = day;
  const share = (100 * reproduced) / verdicts;
  for (const difference of differences) process.stdout.write(`${difference}\n`);
  process.stdout.write(
    `${date}: ${report.ticks} ticks, ${reproduced} of ${verdicts} verdicts reproduced (${reproduced === verdicts ? '100' : Math.min(share, 99.99).toFixed(2)} %)\n`,
  );
  if (reproduced < verdicts) throw new LaunchError('The log and the kernel do not agree.');
}

runCommand(main, (error) => error instanceof RangeError);
