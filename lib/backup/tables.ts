import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import * as schema from '@/db/schema';
import type { TableShape } from './format';

/**
 * Not in a backup: sign-ins (one restored after a theft would let the thief in again), passwords of devices that were
 * deleted, what is under way, and the backups' own journal.
 */
const LEFT_OUT = new Set<string>(
  [
    schema.sessions,
    schema.removedDevices,
    schema.formerConnections,
    schema.deviceTests,
    schema.backupRuns,
  ].map((table) => getTableName(table)),
);

const OURS = Object.values(schema).flatMap((item) => (is(item, PgTable) ? [getTableName(item)] : []));

/** All of our tables, also those that a backup leaves out. */
export const ownTables = (): readonly string[] => OURS;

/** The tables that a backup holds, as they are in this database, each after those that it refers to. */
export async function readShapes(tx: postgres.TransactionSql): Promise<TableShape[]> {
  const columns = await tx<{ table: string; name: string; type: string }[]>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    join pg_attribute a on a.attrelid = c.oid
    where n.nspname = current_schema() and c.relkind in ('r', 'p') and a.attnum > 0
      and not a.attisdropped and a.attgenerated = '' and c.relname = any(${OURS})
    order by c.relname, a.attnum`;
  const references = await tx<{ from: string; to: string }[]>`
    select f.relname as from, t.relname as to
    from pg_constraint k
    join pg_class f on f.oid = k.conrelid
    join pg_class t on t.oid = k.confrelid
    join pg_namespace n on n.oid = f.relnamespace
    where k.contype = 'f' and n.nspname = current_schema() and f.oid <> t.oid`;
  const shapes = new Map<string, TableShape>();
  for (const { table, name, type } of columns) {
    if (LEFT_OUT.has(table)) continue;
    const shape = shapes.get(table) ?? { name: table, columns: [] };
    shape.columns.push({ name, type });
    shapes.set(table, shape);
  }
  return inOrder(shapes, references);
}

function inOrder(
  shapes: ReadonlyMap<string, TableShape>,
  references: readonly { from: string; to: string }[],
): TableShape[] {
  const ordered: TableShape[] = [];
  const placed = new Set<string>();
  const place = (shape: TableShape): void => {
    if (placed.has(shape.name)) return;
    placed.add(shape.name);
    for (const { from, to } of references) {
      const needed = from === shape.name ? shapes.get(to) : undefined;
      if (needed) place(needed);
    }
    ordered.push(shape);
  };
  for (const shape of shapes.values()) place(shape);
  return ordered;
}
