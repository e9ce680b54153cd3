'use server';

import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type FormState, openFormAction } from '@/lib/action';
import { firstRunInput, signInInput } from './schema';
import { endSession, keepSession } from './session';
import { setUpOwner, signInWithPassword } from './sign-in';

const userAgent = async () => (await headers()).get('user-agent');

const signInForm = openFormAction('signIn', signInInput, async (db, input) => {
  await keepSession(await signInWithPassword(db, input, await userAgent()));
  redirect('/');
});

const firstRunForm = openFormAction('completeFirstRun', firstRunInput, async (db, input) => {
  await keepSession(await setUpOwner(db, input, await userAgent()));
  redirect('/');
});

/** Fields `email`, `password`. Goes to the cockpit, or says why not. */
export async function signIn(previous: FormState, form: FormData): Promise<FormState> {
  return signInForm(previous, form);
}

/** Fields `code`, `email`, `password`. Makes the seeded account the owner's and signs in. */
export async function completeFirstRun(previous: FormState, form: FormData): Promise<FormState> {
  return firstRunForm(previous, form);
}

export async function signOut(): Promise<void> {
  await endSession();
  redirect('/sign-in');
}
