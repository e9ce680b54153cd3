import 'server-only';
import { redirect } from 'next/navigation';
import { getDatabase } from '@/db/client';
import { ownerExists } from './first-run';
import { currentUser } from './session';

/** For first-run and sign-in: who is signed in already goes to `returnTo`, and a stranger to the one that fits. */
export async function requireStranger(page: '/setup' | '/sign-in', returnTo = '/'): Promise<void> {
  if ((await currentUser()) !== null) redirect(returnTo);
  const fitting = (await ownerExists(getDatabase().db)) ? '/sign-in' : '/setup';
  if (page !== fitting) redirect(fitting);
}
