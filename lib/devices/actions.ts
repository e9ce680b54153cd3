'use server';

import { revalidatePath } from 'next/cache';
import { z } from 'zod';
import { type FormState, userFormAction } from '@/lib/action';
import { removeSimulatedSite } from './mutations';

const removeForm = userFormAction(
  'removeSimulatedSite',
  { needs: 'admin', schema: z.strictObject({}) },
  async ({ db, user }) => {
    await removeSimulatedSite(db, { ownerId: user.ownerId, actor: user.actor });
    revalidatePath('/');
    return {};
  },
);

/** No fields. Deletes the simulated devices and what they measured, once a real battery is there. */
export async function removeSimulatedSiteAction(previous: FormState, form: FormData): Promise<FormState> {
  return removeForm(previous, form);
}
