'use client';

import { useEffect, useLayoutEffect } from 'react';
import type { DeviceValues } from './device-values';

/** What was typed into the form of a new device while it was being added, on its way to the device's own page. */
let onItsWay: { readonly id: string; readonly values: DeviceValues } | null = null;

/** Hands values on to the page of a device; when another page comes instead, they are dropped. */
export function useHandOn(id: string | null, values: DeviceValues | null): void {
  useLayoutEffect(() => {
    if (id !== null && values !== null) onItsWay = { id, values };
  }, [id, values]);
  // After the layout effects of the page that comes, which takes them in one.
  useEffect(
    () => () => {
      onItsWay = null;
    },
    [],
  );
}

/** Takes what was handed on to the page of this device, as soon as it is there. */
export function useHandedOn(id: string | undefined, take: (values: DeviceValues) => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is there once, when the page comes
  useLayoutEffect(() => {
    if (onItsWay !== null && onItsWay.id === id) take(onItsWay.values);
  }, []);
}
