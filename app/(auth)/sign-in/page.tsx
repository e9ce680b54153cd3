import type { Metadata } from 'next';
import { SignInForm } from '@/components/auth/sign-in-form';
import { ForgetLastSeen } from '@/components/offline/forget-last-seen';
import { requireStranger } from '@/lib/auth/page-guards';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage() {
  await requireStranger('/sign-in');
  return (
    <>
      <ForgetLastSeen />
      <SignInForm />
    </>
  );
}
