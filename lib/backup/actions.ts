'use server';

import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { type Refusal, userAction } from '@/lib/action';
import { readEnvironment } from '@/lib/env';
import { requestBackup, saveBackupSettings } from './mutations';
import { backupSettingsInput } from './schema';

type Done = { readonly status: 'done' };
const DONE: Done = { status: 'done' };
const PAGE = '/settings/system';

const save = userAction(
  'saveBackupSettings',
  { needs: 'admin', schema: backupSettingsInput },
  async ({ db, user: { ownerId }, input }) => {
    await saveBackupSettings(db, { ownerId, input, dataDirectory: readEnvironment().dataDirectory });
    revalidatePath(PAGE);
    return DONE;
  },
);

const now = userAction('backUpNow', { needs: 'admin', schema: z.strictObject({}) }, async ({ db, user }) => {
  const { ownerId, actor } = user;
  await requestBackup(db, { ownerId, actor });
  revalidatePath(PAGE);
  return DONE;
});

/** `{folder, hour, keep}`; the folder must take a backup at this moment. */
export async function saveBackupChoice(input: unknown): Promise<Done | Refusal> {
  return save(input);
}

/** `{}`: the worker begins within seconds. */
export async function backUpNow(input: unknown): Promise<Done | Refusal> {
  return now(input);
}
