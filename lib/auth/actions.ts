'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { type FormState, openFormAction } from '@/lib/action';
import { safeReturn } from './return-to';
import { firstRunInput, signInInput } from './schema';
import { endSession, keepSession } from './session';
import { setUpOwner, signInWithPassword } from './sign-in';

const userAgent = async () => (await headers()).get('user-agent');

const signInFields = signInInput.extend({ return_to: z.string().max(2048).optional() });

const signInForm = openFormAction('signIn', signInFields, async (db, { return_to, ...input }) => {
  await keepSession(await signInWithPassword(db, input, await userAgent()));
  redirect(safeReturn(return_to));
});

const firstRunForm = openFormAction('completeFirstRun', firstRunInput, async (db, input) => {
  await keepSession(await setUpOwner(db, input, await userAgent()));
  redirect('/');
});

/** Fields `email`, `password` and `return_to`. Goes there, or says why not. */
export async function signIn(previous: FormState, form: FormData): Promise<FormState> {
  return signInForm(previous, form);
}

/** Fields `code`, `email`, `password` and, where it is asked for, `timezone`. Makes the seeded account the owner's and signs in. */
export async function completeFirstRun(previous: FormState, form: FormData): Promise<FormState> {
  return firstRunForm(previous, form);
}

export async function signOut(): Promise<void> {
  await endSession();
  redirect('/sign-in');
}
