'use client';

import dynamic from 'next/dynamic';
import { useSessionEnded } from './session-end';

const SignInAgain = dynamic(() => import('./sign-in-again').then((module) => module.SignInAgain), {
  ssr: false,
});

/** Stands on every page behind the sign-in: asks for it again where the session ends meanwhile. */
export function SessionGuard() {
  return useSessionEnded() ? <SignInAgain /> : null;
}
