'use client';

import { createContext, type ReactNode, useContext } from 'react';
import type { DisplayUnits } from '@/lib/core/types';
import { inOwnersDegrees, withWholeQuantities } from '@/lib/format';

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

/** Makes a sentence of the control, which counts in °C, ready to be read: in the owner's degrees, each number beside its unit. */
export function useOwnersWords(): (text: string) => string {
  const units = useContext(Units);
  return (text) => withWholeQuantities(inOwnersDegrees(text, units));
}
