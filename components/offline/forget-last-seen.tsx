'use client';

import { useEffect } from 'react';
import { forgetLastSeen } from './last-seen';

/** On the sign-in page: numbers of a home do not stay on a device that is signed out. */
export function ForgetLastSeen() {
  useEffect(forgetLastSeen, []);
  return null;
}
