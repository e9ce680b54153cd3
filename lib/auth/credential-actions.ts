'use server';

import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { type Refusal, userAction } from '@/lib/action';
import { changePassword as change } from './change-password';
import { newTokenInput, passwordChangeInput } from './schema';
import { revokeOtherSessions, revokeSessionById } from './sessions';
import { createApiToken, revokeApiToken } from './tokens';

const one = z.strictObject({ id: z.guid() });
const PAGE = '/settings/system';
const DAY_MS = 86_400_000;

const create = userAction(
  'createToken',
  { needs: 'admin', schema: newTokenInput },
  async ({ db, user, input }) => {
    const expiresAt = input.expires_days === null ? null : new Date(Date.now() + input.expires_days * DAY_MS);
    const { name, scope } = input;
    const { token } = await createApiToken(db, { ownerId: user.ownerId, name, scope, expiresAt });
    revalidatePath(PAGE);
    return { status: 'created' as const, token };
  },
);

const revoke = userAction('revokeToken', { needs: 'admin', schema: one }, async ({ db, user, input }) => {
  await revokeApiToken(db, user.ownerId, input.id);
  revalidatePath(PAGE);
  return { status: 'done' as const };
});

const endOne = userAction('endSession', { needs: 'read', schema: one }, async ({ db, user, input }) => {
  await revokeSessionById(db, user.ownerId, input.id);
  revalidatePath(PAGE);
  return { status: 'done' as const };
});

const endOthers = userAction(
  'endOtherSessions',
  { needs: 'read', schema: z.strictObject({}) },
  async ({ db, user }) => {
    const ended = await revokeOtherSessions(db, user.ownerId, user.credentialId);
    revalidatePath(PAGE);
    return { status: 'done' as const, ended };
  },
);

const password = userAction(
  'changePassword',
  { needs: 'read', schema: passwordChangeInput },
  async ({ db, user, input }) => {
    const ended = await change(db, user, input);
    revalidatePath(PAGE);
    return { status: 'done' as const, ended };
  },
);

type Done = { readonly status: 'done' };

/** `{name, scope, expires_days}`; the answer is the only time that the token is shown. */
export async function createToken(input: unknown): Promise<{ status: 'created'; token: string } | Refusal> {
  return create(input);
}

/** `{id}` */
export async function revokeToken(input: unknown): Promise<Done | Refusal> {
  return revoke(input);
}

/** `{id}` */
export async function endSession(input: unknown): Promise<Done | Refusal> {
  return endOne(input);
}

/** `{}`: all sessions but this one. */
export async function endOtherSessions(input: unknown): Promise<(Done & { ended: number }) | Refusal> {
  return endOthers(input);
}

/** `{current_password, new_password}` */
export async function changePassword(input: unknown): Promise<(Done & { ended: number }) | Refusal> {
  return password(input);
}
