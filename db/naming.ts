import { getTableColumns, type InferInsertModel } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/**
 * A row under its names in the database, which are also its names on the wire; instants as ISO 8601 UTC.
 * `omit` names columns (as in code) that stay behind.
 */
export function toWireNames(
  table: PgTable,
  row: Readonly<Record<string, unknown>>,
  omit: readonly string[] = [],
): Record<string, unknown> {
  const wire: Record<string, unknown> = {};
  for (const [key, column] of Object.entries(getTableColumns(table))) {
    if (omit.includes(key)) continue;
    const value = row[key];
    wire[column.name] = value instanceof Date ? isoInstant(value) : (value ?? null);
  }
  return wire;
}

/** PostgreSQL's `infinity` is no instant of ours; one such row must not break a list. */
function isoInstant(value: Date): string | null {
  return Number.isNaN(value.getTime()) ? null : value.toISOString();
}

/** Wire fields under their names in code; fields that are no columns of the table are dropped. */
export function fromWireNames<Table extends PgTable>(
  table: Table,
  input: Readonly<Record<string, unknown>>,
): Partial<InferInsertModel<Table>> {
  const values: Record<string, unknown> = {};
  for (const [key, column] of Object.entries(getTableColumns(table))) {
    if (Object.hasOwn(input, column.name)) values[key] = input[column.name];
  }
  // Every key is a column of the table; the values were checked by the input's schema.
  return values as Partial<InferInsertModel<Table>>;
}
