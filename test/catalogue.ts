import type postgres from 'postgres';

/** What PostgreSQL says of the tables in "public": sorted lines, in its own words but for what is the same in all. */
export interface Catalogue {
  readonly columns: string[];
  readonly constraints: string[];
  /** Those behind keys too. */
  readonly indexes: string[];
  readonly triggers: string[];
}

export async function readCatalogue(sql: postgres.Sql): Promise<Catalogue> {
  const read = async (rows: Promise<readonly postgres.Row[]>): Promise<string[]> =>
    (await rows).map((row) => String(row.line).replace('public.', '').replace('USING btree ', '')).sort();
  return {
    columns: await read(sql`
      select a.attrelid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then '' else '?' end || coalesce(' = ' || pg_get_expr(d.adbin, d.adrelid), '') as line
      from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
      left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
      where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped`),
    constraints: await read(sql`
      select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) as line
      from pg_constraint where connamespace = 'public'::regnamespace and contype in ('c', 'f', 'p', 'u')`),
    indexes: await read(sql`
      select replace(indexdef, 'CREATE ', '') as line from pg_indexes where schemaname = 'public'`),
    triggers: await read(sql`
      select replace(pg_get_triggerdef(oid), 'CREATE ', '') || case tgenabled when 'O' then '' else ' (off)' end as line
      from pg_trigger where not tgisinternal`),
  };
}
