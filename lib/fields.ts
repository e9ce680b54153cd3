import { z } from 'zod';

/** Field types that several settings share; isomorphic, so that a form and the API refuse alike. */

function decimals(places: number) {
  const scale = 10 ** places;
  return (value: number) => Math.abs(value * scale - Math.round(value * scale)) < 1e-6;
}

/** V, two decimals, within what a 48 V system can have. */
export const voltageField = (minimum = 36, maximum = 66) =>
  z.number().min(minimum).max(maximum).refine(decimals(2), 'must have at most 2 decimals');

/** °C, one decimal. */
export const temperatureField = () =>
  z.number().min(-60).max(150).refine(decimals(1), 'must have at most 1 decimal');

export const wattsField = (minimum = 0) => z.int().min(minimum).max(1_000_000);

/** A devices.key. */
export const deviceKeyField = () =>
  z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]{0,62}$/,
      'must be lower-case letters, digits, "-" and "_", at most 63, not starting with "-" or "_"',
    );

export const nameField = () => z.string().trim().min(1).max(120);

export const decimalField = (minimum: number, maximum: number, places: number) =>
  z.number().min(minimum).max(maximum).refine(decimals(places), `must have at most ${places} decimals`);
