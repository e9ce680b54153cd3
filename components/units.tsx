'use client';

import { createContext, type ReactNode, useContext } from 'react';
import type { DisplayUnits } from '@/lib/core/types';
import { inOwnersDegrees } from '@/lib/format';

const Units = createContext<DisplayUnits>('metric');

/** The degrees in which sentences of the control are read. */
export function UnitsProvider({
  units,
  children,
}: {
  readonly units: DisplayUnits;
  readonly children: ReactNode;
}) {
  return <Units value={units}>{children}</Units>;
}

/** Puts a sentence, in which the control counts in °C, into the owner's degrees. */
export function useOwnersWords(): (text: string) => string {
  const units = useContext(Units);
  return (text) => inOwnersDegrees(text, units);
}
