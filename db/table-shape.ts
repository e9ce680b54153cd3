import type postgres from 'postgres';

/** What PostgreSQL's catalogue says about the tables of one schema. */
export interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
  /** Identity or generated: filled without being named. */
  readonly automatic: boolean;
}

export interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly kind: 'c' | 'f' | 'p' | 'u';
  readonly definition: string;
  readonly columns: readonly string[];
  /** Of a foreign key: the table and columns it points at. */
  readonly target: string | null;
  readonly targetColumns: readonly string[];
}

export interface Index {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

export async function readTables(tx: postgres.TransactionSql, schema: string): Promise<string[]> {
  const rows = await tx<{ name: string }[]>`
    select table_name as name from information_schema.tables
    where table_schema = ${schema} and table_type = 'BASE TABLE' order by table_name`;
  return rows.map((row) => row.name);
}

export async function readColumns(tx: postgres.TransactionSql, schema: string): Promise<Column[]> {
  return tx<Column[]>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as "notNull", pg_get_expr(d.adbin, d.adrelid) as default,
      a.attidentity <> '' or a.attgenerated <> '' as automatic
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind in ('r', 'p')
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where n.nspname = ${schema} and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`;
}

export async function readConstraints(tx: postgres.TransactionSql, schema: string): Promise<Constraint[]> {
  return tx<Constraint[]>`
    select t.relname as table, c.conname as name, c.contype as kind, pg_get_constraintdef(c.oid) as definition,
      array(select a.attname::text from unnest(c.conkey) with ordinality k(attnum, position)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum order by k.position) as columns,
      (select target.relname from pg_class target where target.oid = c.confrelid) as target,
      array(select a.attname::text from unnest(c.confkey) with ordinality k(attnum, position)
        join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum order by k.position) as "targetColumns"
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid
    join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = ${schema} and c.contype in ('c', 'f', 'p', 'u')`;
}

/** Indexes that no constraint owns. */
export async function readIndexes(tx: postgres.TransactionSql, schema: string): Promise<Index[]> {
  return tx<Index[]>`
    select t.relname as table, i.relname as name, pg_get_indexdef(x.indexrelid) as definition
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    join pg_class t on t.oid = x.indrelid
    join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = ${schema}
      and not exists (select 1 from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u'))`;
}

/** Views that show this column, which keeps PostgreSQL from changing its type. */
export async function readViewsOf(tx: postgres.TransactionSql, column: Column): Promise<string[]> {
  const rows = await tx<{ name: string }[]>`
    select distinct v.relname as name
    from pg_depend d
    join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    join pg_class v on v.oid = r.ev_class
    join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.refclassid = 'pg_class'::regclass and d.refobjid = ${`"${column.table}"`}::regclass
      and a.attname = ${column.name} and v.oid <> d.refobjid`;
  return rows.map((row) => row.name);
}
