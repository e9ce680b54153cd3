import { is } from 'drizzle-orm';
import { PgAsyncTransaction } from 'drizzle-orm/pg-core';
import pLimit from 'p-limit';
import type { Executor } from '@/db/client';
import type { AppError } from '@/lib/errors';

/** Who changes settings that are theirs. */
export interface Author {
  readonly ownerId: string;
  /** For the record: an e-mail address or a token's name. */
  readonly actor: string;
}

/** A change of one stored row; `ifMatch` is the ETag it is based on, when the client named one. */
export interface Edit extends Author {
  readonly ifMatch?: string | null;
}

const UNIQUE_VIOLATION = '23505';
const DEADLOCK = '40P01';
const ATTEMPTS = 3;
/** Changes wait for each other's rows. More of them at once would only hold the connections that readers need. */
const CHANGES_AT_ONCE = 4;
const holder = globalThis as typeof globalThis & { commandCenterChanges?: ReturnType<typeof pLimit> };
// Route and page bundles each hold this module, and share one pool.
holder.commandCenterChanges ??= pLimit(CHANGES_AT_ONCE);
const takeTurn = holder.commandCenterChanges;

function sqlStateOf(error: unknown): unknown {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause) return cause.code;
  }
  return null;
}

/**
 * Drizzle sends a statement without a name in two round trips, and PostgreSQL plans it anew each time. A change of
 * settings is a few statements of much the same text: each gets a name, and is kept for as long as its connection,
 * which the driver ends within the hour.
 */
function named<Tx extends Executor>(tx: Tx): Tx {
  const { session } = tx._;
  const prepare = session.prepareQuery.bind(session);
  session.prepareQuery = (query, mode, name, ...rest) => prepare(query, mode, name || true, ...rest);
  return tx;
}

/**
 * Runs a change in one transaction. Two changes that wait for each other's rows (a miner and its zone deleted at once)
 * are ended by PostgreSQL; the one that lost begins again. Inside a caller's transaction it is a part of that.
 * @throws what `work` throws; `duplicate()` when a unique key exists already.
 */
export async function changeSettings<Result>(
  db: Executor,
  work: (tx: Executor) => Promise<Result>,
  options: { readonly duplicate?: () => AppError } = {},
): Promise<Result> {
  const runOnce = () => db.transaction((tx) => work(named(tx)));
  // Inside a caller's transaction it is that one's turn already.
  const run = is(db, PgAsyncTransaction) ? runOnce : () => takeTurn(runOnce);
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === UNIQUE_VIOLATION && options.duplicate) throw options.duplicate();
      if (state !== DEADLOCK || attempt === ATTEMPTS) throw error;
    }
  }
}

/** The one row that an insert or update with `returning` gives. */
export function single<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined) throw new Error('A write returned no row.');
  return row;
}
