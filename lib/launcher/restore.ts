import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { openSession } from '@/db/client';
import { BackupError } from '@/lib/backup/format';
import { checkBackup } from '@/lib/backup/read';
import { restoreBackup, whatIsThere, whoUses } from '@/lib/backup/restore';
import { readRestoreRequest } from './backup-request';
import { runCommand } from './command';
import { LaunchError } from './launch-error';
import { withIdleSiteDatabase } from './site-database';

const say = (text: string) => void process.stderr.write(`${text}\n`);

async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new LaunchError(
      `${question}\nNobody is there to answer: repeat the command with --yes, if you mean it.`,
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question} Type "replace" to go on: `)).trim() === 'replace';
  } finally {
    terminal.close();
  }
}

async function main(): Promise<void> {
  const { file, yes } = readRestoreRequest(process.argv.slice(2));
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), file);
  const backup = await checkBackup(path);
  say(`A whole backup of ${backup.manifest.createdAt}, by CommandCenter ${backup.manifest.appVersion}.`);
  const rows = await withIdleSiteDatabase(async (url) => {
    const sql = openSession(url, { applicationName: 'commandcenter-restore' });
    try {
      const users = await whoUses(sql);
      if (users.length > 0) {
        throw new LaunchError(
          `CommandCenter uses this database right now (${users.join(', ')}). Stop it first.`,
        );
      }
      const there = await whatIsThere(sql);
      const question = `The database holds the site of ${there?.owner} with ${there?.ticks} measured ticks: all of it will be replaced.`;
      if (there && !yes && !(await confirmed(question))) throw new LaunchError('Nothing was changed.');
      return await restoreBackup(sql, backup);
    } finally {
      await sql.end({ timeout: 2 });
    }
  });
  say(`Restored ${rows} rows. Start CommandCenter and sign in with the password of that time.`);
}

runCommand(main, (error) => error instanceof BackupError);
