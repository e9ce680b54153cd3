import { join, resolve } from 'node:path';
import { openSession } from '@/db/client';
import { inspectFolder, pruneBackups } from '@/lib/backup/folder';
import { BackupError } from '@/lib/backup/format';
import { checkBackup } from '@/lib/backup/read';
import { writeBackup } from '@/lib/backup/write';
import { readBackupRequest } from './backup-request';
import { runCommand } from './command';
import { projectDirectory, readLaunchSettings } from './settings';
import { withSiteDatabase } from './site-database';

async function main(): Promise<void> {
  const { to, keep } = readBackupRequest(process.argv.slice(2));
  // As the shell meant it: npm itself runs in the project.
  const folder = resolve(process.env.INIT_CWD ?? process.cwd(), to);
  const { file, rows, bytes } = await withSiteDatabase(async (url) => {
    await inspectFolder(folder, readLaunchSettings(projectDirectory()).dataDir);
    return writeBackup({
      open: () => openSession(url, { applicationName: 'commandcenter-backup' }),
      folder,
      now: Date.now(),
    });
  });
  const path = join(folder, file);
  await checkBackup(path);
  process.stdout.write(`${path}\n`);
  process.stderr.write(`${rows} rows, ${(bytes / 1e6).toFixed(1)} MB, read back and checked.\n`);
  if (keep === null) return;
  for (const old of await pruneBackups(folder, keep, Date.now())) process.stderr.write(`removed ${old}\n`);
}

runCommand(main, (error) => error instanceof BackupError);
