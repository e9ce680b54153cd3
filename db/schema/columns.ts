import { type SQL, sql } from 'drizzle-orm';
import { numeric, timestamp } from 'drizzle-orm/pg-core';

/** Volts, two decimals, a number in code and in JSON. */
export const voltage = (name = '') => numeric(name, { precision: 4, scale: 2, mode: 'number' });
/** °C, one decimal. */
export const temperature = () => numeric({ precision: 4, scale: 1, mode: 'number' });
export const instant = () => timestamp({ withTimezone: true, mode: 'date' });

export const createdAt = () => instant().notNull().defaultNow();
export const updatedAt = () => instant().notNull().defaultNow();

/** `column in ('a', 'b')` as literal SQL, for a check constraint over one of the kernel's word lists. */
export function oneOf(column: string, words: readonly string[]): SQL {
  return sql.raw(`${column} in (${words.map((word) => `'${word}'`).join(', ')})`);
}
