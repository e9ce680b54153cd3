'use client';

import dynamic from 'next/dynamic';
import { useEffect } from 'react';
import { noteSignIn, useSessionEnded } from './session-end';

const SignInAgain = dynamic(() => import('./sign-in-again').then((module) => module.SignInAgain), {
  ssr: false,
});

/** Stands on every page behind the sign-in: asks for it again where the session ends meanwhile. */
export function SessionGuard() {
  // The server shows these pages to nobody else: who left one that was signed out has signed in since.
  useEffect(noteSignIn, []);
  return useSessionEnded() ? <SignInAgain /> : null;
}
