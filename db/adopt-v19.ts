import type postgres from 'postgres';
import { MigrationError } from './migration-error';

/** Where the tables are made as they ought to be, to compare an owner's with; it never outlives the transaction. */
const PRISTINE = 'commandcenter_pristine';

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default: string | null;
}
interface Constraint {
  readonly table: string;
  readonly name: string;
  readonly kind: 'c' | 'f' | 'p' | 'u';
  readonly definition: string;
  readonly columns: readonly string[];
}
interface Index {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

async function readColumns(tx: postgres.TransactionSql, schema: string): Promise<Column[]> {
  return tx<Column[]>`
    select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
      a.attnotnull as "notNull", pg_get_expr(d.adbin, d.adrelid) as default
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where n.nspname = ${schema} and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`;
}

async function readConstraints(tx: postgres.TransactionSql, schema: string): Promise<Constraint[]> {
  return tx<Constraint[]>`
    select t.relname as table, c.conname as name, c.contype as kind, pg_get_constraintdef(c.oid) as definition,
      array(select a.attname::text from unnest(c.conkey) with ordinality k(attnum, position)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum order by k.position) as columns
    from pg_constraint c
    join pg_class t on t.oid = c.conrelid
    join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = ${schema} and c.contype in ('c', 'f', 'p', 'u')`;
}

/** Indexes that no constraint owns. */
async function readIndexes(tx: postgres.TransactionSql, schema: string): Promise<Index[]> {
  return tx<Index[]>`
    select t.relname as table, i.relname as name, pg_get_indexdef(x.indexrelid) as definition
    from pg_index x
    join pg_class i on i.oid = x.indexrelid
    join pg_class t on t.oid = x.indrelid
    join pg_namespace n on n.oid = t.relnamespace
    where n.nspname = ${schema}
      and not exists (select 1 from pg_constraint c where c.conindid = x.indexrelid and c.contype in ('p', 'u'))`;
}

/** Refuses with the name of the first row for which `condition` holds. */
async function refuseRow(
  tx: postgres.TransactionSql,
  breach: { table: string; condition: string; columns: readonly string[]; rule: string },
): Promise<void> {
  const [row] = await tx.unsafe(
    `select to_jsonb(t) as row from "${breach.table}" t where ${breach.condition} limit 1`,
  );
  if (!row) return;
  const stored: Record<string, unknown> = row.row;
  const label = stored.name ?? stored.zone_name ?? stored.email ?? stored.user_id ?? '';
  const values = breach.columns
    .map((column) => `${column} = ${JSON.stringify(stored[column] ?? null)}`)
    .join(', ');
  throw new MigrationError(
    'row_breaks_rule',
    `${breach.table} row ${stored.id} (${label}) breaks ${breach.rule}: ${values}. Correct that row, then try again; nothing was changed.`,
  );
}

async function adoptColumn(
  tx: postgres.TransactionSql,
  wanted: Column,
  found: Column | undefined,
): Promise<void> {
  const table = `"${wanted.table}"`;
  const column = `"${wanted.name}"`;
  if (!found) {
    await tx.unsafe(`alter table ${table} add column ${column} ${wanted.type}`);
  } else if (found.type !== wanted.type) {
    await tx.unsafe(`alter table ${table} alter column ${column} drop default`);
    await tx.unsafe(
      `alter table ${table} alter column ${column} type ${wanted.type} using ${column}::${wanted.type}`,
    );
  }
  if (wanted.default === null) {
    await tx.unsafe(`alter table ${table} alter column ${column} drop default`);
  } else {
    await tx.unsafe(`alter table ${table} alter column ${column} set default ${wanted.default}`);
    if (!found || wanted.notNull) {
      await tx.unsafe(`update ${table} set ${column} = ${wanted.default} where ${column} is null`);
    }
  }
  if (wanted.notNull) {
    await refuseRow(tx, {
      table: wanted.table,
      condition: `${column} is null`,
      columns: [wanted.name],
      rule: 'a column that must be filled',
    });
  }
  if (wanted.notNull !== (found?.notNull ?? false)) {
    await tx.unsafe(
      `alter table ${table} alter column ${column} ${wanted.notNull ? 'set' : 'drop'} not null`,
    );
  }
}

async function adoptConstraint(
  tx: postgres.TransactionSql,
  wanted: Constraint,
  stored: readonly Constraint[],
): Promise<void> {
  const same = (other: Constraint) =>
    other.kind === wanted.kind && other.columns.join() === wanted.columns.join();
  const mine = stored.filter((other) => other.table === wanted.table);
  if (wanted.kind === 'p' && mine.some((other) => other.kind === 'p')) return;
  if (wanted.kind === 'u' && mine.some(same)) return;
  if (wanted.kind === 'c') {
    const expression = wanted.definition.replace(/^CHECK /, '');
    await refuseRow(tx, {
      table: wanted.table,
      condition: `not ${expression}`,
      columns: wanted.columns,
      rule: `"${wanted.name}"`,
    });
  }
  if (wanted.kind === 'u') {
    const columns = wanted.columns.map((column) => `"${column}"`).join(', ');
    await refuseRow(tx, {
      table: wanted.table,
      condition: `(${columns}) in (select ${columns} from "${wanted.table}" group by ${columns} having count(*) > 1)`,
      columns: wanted.columns,
      rule: `"${wanted.name}" (it exists twice)`,
    });
  }
  for (const other of mine) {
    if (other.name === wanted.name || (wanted.kind === 'f' && same(other))) {
      await tx.unsafe(`alter table "${wanted.table}" drop constraint "${other.name}"`);
    }
  }
  const definition = wanted.definition.replaceAll(`${PRISTINE}.`, '');
  await tx.unsafe(`alter table "${wanted.table}" add constraint "${wanted.name}" ${definition}`);
}

async function adoptIndex(
  tx: postgres.TransactionSql,
  wanted: Index,
  stored: readonly Index[],
): Promise<void> {
  if (stored.some((other) => other.name === wanted.name)) await tx.unsafe(`drop index "${wanted.name}"`);
  if (wanted.name === 'idx_users_email') {
    await refuseRow(tx, {
      table: 'users',
      condition: 'lower(email) in (select lower(email) from users group by lower(email) having count(*) > 1)',
      columns: ['email'],
      rule: 'one row per e-mail address, whatever its case',
    });
  }
  await tx.unsafe(wanted.definition.replaceAll(`${PRISTINE}.`, ''));
}

/**
 * Makes the four V1.9 tables by the first migration's `statements`, or brings an owner's existing ones to that shape in
 * place: missing columns, types, defaults, checks, keys and indexes. Rows, unknown columns and foreign keys that point
 * here are kept.
 * @throws MigrationError naming the first row that breaks a rule; the caller's transaction then rolls back.
 */
export async function adoptV19(tx: postgres.TransactionSql, statements: readonly string[]): Promise<void> {
  const [home] = await tx<{ name: string }[]>`select current_schema() as name`;
  if (!home) throw new Error('The database has no current schema.');

  await tx.unsafe(`create schema ${PRISTINE}`);
  await tx.unsafe(`set local search_path to ${PRISTINE}`);
  for (const statement of statements) await tx.unsafe(statement);
  const wanted = {
    columns: await readColumns(tx, PRISTINE),
    constraints: await readConstraints(tx, PRISTINE),
    indexes: await readIndexes(tx, PRISTINE),
  };
  await tx.unsafe(`set local search_path to "${home.name}", public`);

  const tables = [...new Set(wanted.columns.map((column) => column.table))];
  const stored = await readColumns(tx, home.name);
  const exists = new Set(stored.map((column) => column.table));
  for (const table of tables.filter((name) => !exists.has(name)))
    await tx.unsafe(`create table "${table}" ()`);

  for (const column of wanted.columns) {
    const found = stored.find((other) => other.table === column.table && other.name === column.name);
    await adoptColumn(tx, column, found);
  }
  for (const column of stored) {
    const unknown =
      tables.includes(column.table) &&
      !wanted.columns.some((mine) => mine.table === column.table && mine.name === column.name);
    // Ours know nothing of it and could not insert a row.
    if (unknown && column.notNull && column.default === null) {
      await tx.unsafe(`alter table "${column.table}" alter column "${column.name}" drop not null`);
    }
  }

  // Keys before the foreign keys that rest on them.
  const order = ['p', 'u', 'c', 'f'];
  const constraints = await readConstraints(tx, home.name);
  for (const constraint of wanted.constraints.toSorted(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind),
  )) {
    await adoptConstraint(tx, constraint, constraints);
  }
  const indexes = await readIndexes(tx, home.name);
  for (const index of wanted.indexes) await adoptIndex(tx, index, indexes);
  await tx.unsafe(`drop schema ${PRISTINE} cascade`);
}
