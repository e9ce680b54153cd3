import postgres from 'postgres';
import { curveProblem, moveCurveEnds } from '@/lib/core/curve';
import { DEFAULT_VOLTAGE_CURVE } from '@/lib/core/defaults';
import { MigrationError } from './migration-error';
import {
  type Column,
  type Constraint,
  type Index,
  readColumns,
  readConstraints,
  readIndexes,
  readViewsOf,
} from './table-shape';

/** Where the tables are made as they ought to be, to compare an owner's with; it never outlives the transaction. */
const PRISTINE = 'commandcenter_pristine';

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

/** Types that the code reads and writes alike. */
function isAlike(one: string, other: string): boolean {
  const family = (type: string) => type.replace(/\(.*\)/, '').replace(/^character( varying)?$/, 'text');
  return family(one) === family(other);
}

async function adoptType(tx: postgres.TransactionSql, found: Column, wanted: Column): Promise<void> {
  const { table, name, type } = wanted;
  const views = await readViewsOf(tx, found);
  if (views.length > 0) {
    if (isAlike(found.type, type)) return;
    throw new MigrationError(
      'cannot_adopt',
      `${table}.${name} is ${found.type} and must become ${type}, but the view ${views.join(', ')} shows it. ` +
        'Drop the view, try again, then make it again; nothing was changed.',
    );
  }
  await tx.unsafe(`alter table "${table}" alter column "${name}" drop default`);
  try {
    await tx.savepoint((inner) =>
      inner.unsafe(`alter table "${table}" alter column "${name}" type ${type} using "${name}"::${type}`),
    );
  } catch (cause) {
    if (!(cause instanceof postgres.PostgresError)) throw cause;
    await refuseRow(tx, {
      table,
      condition: `not pg_temp.commandcenter_fits("${name}"::text, '${found.type}', '${type}')`,
      columns: [name],
      rule: `the type of ${name}, ${type}`,
    });
    throw new MigrationError(
      'cannot_adopt',
      `${table}.${name} is ${found.type} and cannot become ${type}. Change it, then try again; nothing was changed.`,
      { cause },
    );
  }
}

async function adoptColumn(
  tx: postgres.TransactionSql,
  wanted: Column,
  found: Column | undefined,
): Promise<void> {
  const table = `"${wanted.table}"`;
  const column = `"${wanted.name}"`;
  if (!found) await tx.unsafe(`alter table ${table} add column ${column} ${wanted.type}`);
  else if (found.type !== wanted.type) await adoptType(tx, found, wanted);
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
      rule: `the rule that ${wanted.name} must be filled`,
    });
  }
  if (wanted.notNull !== (found?.notNull ?? false)) {
    await tx.unsafe(
      `alter table ${table} alter column ${column} ${wanted.notNull ? 'set' : 'drop'} not null`,
    );
  }
}

/** The condition under which a row breaks the constraint, and what to call it. */
function breachOf(wanted: Constraint): { condition: string; rule: string } | null {
  const columns = wanted.columns.map((column) => `"${column}"`).join(', ');
  switch (wanted.kind) {
    case 'c':
      return { condition: `not ${wanted.definition.replace(/^CHECK /, '')}`, rule: `"${wanted.name}"` };
    case 'u':
    case 'p':
      return {
        condition: `(${columns}) in (select ${columns} from "${wanted.table}" group by ${columns} having count(*) > 1)`,
        rule: `"${wanted.name}" (it exists twice)`,
      };
    case 'f': {
      const same = wanted.columns.map((column, i) => `p."${wanted.targetColumns[i]}" = t."${column}"`);
      const given = wanted.columns.map((column) => `t."${column}" is not null`);
      return {
        condition: `${given.join(' and ')} and not exists (select 1 from "${wanted.target}" p where ${same.join(' and ')})`,
        rule: `"${wanted.name}" (there is no such row in ${wanted.target})`,
      };
    }
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
  const breach = breachOf(wanted);
  if (breach) await refuseRow(tx, { table: wanted.table, columns: wanted.columns, ...breach });
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
  stored: { readonly indexes: readonly Index[]; readonly constraints: readonly Constraint[] },
): Promise<void> {
  const namesake = stored.indexes.find((other) => other.name === wanted.name);
  if (namesake && namesake.table !== wanted.table) {
    throw new MigrationError(
      'cannot_adopt',
      `The index ${wanted.name} is on ${namesake.table}, where CommandCenter needs that name on ${wanted.table}. ` +
        `Rename yours (alter index ${wanted.name} rename to …), then try again; nothing was changed.`,
    );
  }
  if (namesake) await tx.unsafe(`drop index "${wanted.name}"`);
  const owner = stored.constraints.find((other) => other.name === wanted.name && other.kind === 'u');
  if (owner?.table === wanted.table) {
    await tx.unsafe(`alter table "${wanted.table}" drop constraint "${wanted.name}"`);
  }
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

/** Rows from before there were curves: the default one between their own end voltages, else a straight line. */
async function fitNewCurves(tx: postgres.TransactionSql): Promise<void> {
  const rows = await tx<{ id: string; at0V: number; at100V: number }[]>`
    select id, voltage_at_0_percent::float8 as "at0V", voltage_at_100_percent::float8 as "at100V" from user_preferences`;
  for (const { id, at0V, at100V } of rows) {
    const curve = moveCurveEnds(DEFAULT_VOLTAGE_CURVE, at0V, at100V).map((point) => ({ ...point }));
    const fitting = curveProblem(curve, at0V, at100V) === null ? tx.json(curve) : null;
    await tx`update user_preferences set voltage_curve = ${fitting} where id = ${id}`;
  }
}

/** Names what could not be done when PostgreSQL refuses it; a lost connection or a full disk is passed on as it is. */
async function step(what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof postgres.PostgresError) || !/^(?:0A|22|23|2B|42|55)/.test(cause.code)) throw cause;
    throw new MigrationError(
      'cannot_adopt',
      `The V1.9 tables cannot be adopted: ${what} (PostgreSQL code ${cause.code}); nothing was changed.`,
      { cause },
    );
  }
}

/** The tables as the first migration makes them. */
async function readWanted(tx: postgres.TransactionSql, statements: readonly string[], home: string) {
  await tx.unsafe(`create schema ${PRISTINE}`);
  await tx.unsafe(`set local search_path to ${PRISTINE}`);
  for (const statement of statements) await tx.unsafe(statement);
  const wanted = {
    columns: await readColumns(tx, PRISTINE),
    // Keys before the foreign keys that rest on them.
    constraints: (await readConstraints(tx, PRISTINE)).toSorted(
      (a, b) => 'pucf'.indexOf(a.kind) - 'pucf'.indexOf(b.kind),
    ),
    indexes: await readIndexes(tx, PRISTINE),
  };
  await tx.unsafe(`set local search_path to "${home}", public`);
  return wanted;
}

/**
 * Makes the four V1.9 tables by the first migration's `statements`, or brings an owner's existing ones to that shape in
 * place: missing columns, types, defaults, checks, keys and indexes. Rows, unknown columns and foreign keys that point
 * here are kept.
 * @throws MigrationError naming the first row that breaks a rule, or what cannot be adopted; the caller's transaction
 * then rolls back.
 */
export async function adoptV19(tx: postgres.TransactionSql, statements: readonly string[]): Promise<void> {
  const [home] = await tx<{ name: string | null }[]>`select current_schema() as name`;
  if (!home?.name)
    throw new MigrationError('cannot_adopt', 'The database has no schema to work in ("public").');
  const wanted = await readWanted(tx, statements, home.name);
  await tx`
    create or replace function pg_temp.commandcenter_fits(value text, stored text, wanted text) returns boolean
    language plpgsql as $$ begin
      execute format('select %L::%s::%s', value, stored, wanted);
      return true;
    exception when others then
      return false;
    end $$`;

  const tables = [...new Set(wanted.columns.map((column) => column.table))];
  const stored = await readColumns(tx, home.name);
  const storedColumn = ({ table, name }: Column) =>
    stored.find((other) => other.table === table && other.name === name);
  const exists = new Set(stored.map((column) => column.table));
  for (const table of tables.filter((name) => !exists.has(name)))
    await tx.unsafe(`create table "${table}" ()`);

  for (const column of wanted.columns) {
    await step(`column ${column.table}.${column.name}`, () => adoptColumn(tx, column, storedColumn(column)));
  }
  const isOurs = (column: Column) =>
    wanted.columns.some((mine) => mine.table === column.table && mine.name === column.name);
  for (const column of stored.filter((other) => tables.includes(other.table) && !isOurs(other))) {
    // Ours know nothing of it and could not insert a row.
    if (column.notNull && column.default === null && !column.automatic) {
      await step(`column ${column.table}.${column.name}`, async () => {
        await tx.unsafe(`alter table "${column.table}" alter column "${column.name}" drop not null`);
      });
    }
  }
  const curve = wanted.columns.find((column) => column.name === 'voltage_curve');
  if (exists.has('user_preferences') && curve && !storedColumn(curve)) await fitNewCurves(tx);

  const constraints = await readConstraints(tx, home.name);
  for (const constraint of wanted.constraints) {
    await step(`rule ${constraint.name} on ${constraint.table}`, () =>
      adoptConstraint(tx, constraint, constraints),
    );
  }
  const indexes = await readIndexes(tx, home.name);
  for (const index of wanted.indexes) {
    await step(`index ${index.name} on ${index.table}`, () =>
      adoptIndex(tx, index, { indexes, constraints }),
    );
  }
  await tx.unsafe(`drop schema ${PRISTINE} cascade`);
}
