import type { Metadata } from 'next';
import { SignInForm } from '@/components/auth/sign-in-form';
import { ForgetLastSeen } from '@/components/offline/forget-last-seen';
import { requireStranger } from '@/lib/auth/page-guards';
import { safeReturn } from '@/lib/auth/return-to';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { return_to } = await searchParams;
  const returnTo = safeReturn(typeof return_to === 'string' ? return_to : null);
  await requireStranger('/sign-in', returnTo);
  return (
    <>
      <ForgetLastSeen />
      <SignInForm returnTo={returnTo} />
    </>
  );
}
