import { z } from 'zod';
import { isTimeZone, isZoneAbbreviation } from '@/lib/core/time-zone';

/** Field types that several settings share; isomorphic, so that a form and the API refuse alike. */

/** Exact: what PostgreSQL would round could pass a rule here and break it there. */
const hasPlaces = (places: number) => (value: number) => Number(value.toFixed(places)) === value;

export const decimalField = (minimum: number, maximum: number, places: number) =>
  z
    .number()
    .min(minimum)
    .max(maximum)
    .refine(hasPlaces(places), `must have at most ${places} decimal${places === 1 ? '' : 's'}`);

/** V, two decimals, within what a 48 V system can have. */
export const voltageField = (minimum = 36, maximum = 66) => decimalField(minimum, maximum, 2);

/** °C, one decimal. */
export const temperatureField = () => decimalField(-60, 150, 1);

export const wattsField = (minimum = 0) => z.int().min(minimum).max(1_000_000);

/** A devices.key. */
export const deviceKeyField = () =>
  z
    .string()
    .regex(
      /^[a-z0-9][a-z0-9_-]{0,62}$/,
      'must be lower-case letters, digits, "-" and "_", at most 63, not starting with "-" or "_"',
    );

/** Names a devices.key; any short text, because a V1.9 row may name a device that was never added here. */
export const deviceLinkField = () =>
  z
    .string()
    .trim()
    .min(1)
    .max(63)
    .regex(/^[^\p{Cc}]*$/u, 'must not contain control characters');

export const nameField = () => z.string().trim().min(1).max(120);

export const timeZoneField = () =>
  z
    .string()
    .max(64)
    .refine((name) => !isZoneAbbreviation(name), {
      message:
        'must name a place, e.g. America/Los_Angeles: an abbreviation is read differently by browser and database',
      abort: true,
    })
    .refine(isTimeZone, { message: 'must be an IANA time zone, e.g. America/Los_Angeles' });
