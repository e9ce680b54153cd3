import type { z } from 'zod';
import { etagOf } from './etag';

/** A settings row as a form edits it: values under their wire names, and the ETag of what they were read from. */
export interface Stored<Values> {
  readonly values: Values;
  readonly etag: string;
}

/**
 * The fields that a partial update takes, out of a row as the API shows it. Each field has the type of its column; its
 * value may still break the schema's limits, as a V1.9 row can.
 */
export function toStored<Shape extends z.ZodRawShape>(
  patch: z.ZodObject<Shape>,
  wire: Readonly<Record<string, unknown>>,
): Stored<Required<z.output<z.ZodObject<Shape>>>> {
  const values = Object.fromEntries(Object.keys(patch.shape).map((name) => [name, wire[name] ?? null]));
  return { values: values as Required<z.output<z.ZodObject<Shape>>>, etag: etagOf(wire) };
}
