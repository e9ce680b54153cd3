import type { openSession } from '@/db/client';
import { within } from './within';

/**
 * 'won': leading since this very check · 'leading' · 'standby': another worker leads · 'unreachable': the
 * database did not answer, so nobody can tell.
 */
export type Leadership = 'won' | 'leading' | 'standby' | 'unreachable';

export interface Leader {
  /** Asks the database, and takes the lead when nobody has it. Never rejects. */
  check(): Promise<Leadership>;
  /** Gives up the lead and closes the session. */
  resign(): Promise<void>;
}

interface LeaderOptions {
  /** Opens a session of its own; a second one after the first did not answer in time. */
  readonly open: () => ReturnType<typeof openSession>;
  readonly ownerId: string;
  readonly timeoutMs: number;
  readonly onError?: (error: unknown) => void;
}

/** First half of the advisory lock's key, the same in every version. ("COMM" in ASCII.) */
const LOCK_CLASS = 0x434f4d4d;

/** Leads the control of one owner's site while its session holds the advisory lock. */
export function createLeader({ open, ownerId, timeoutMs, onError }: LeaderOptions): Leader {
  let session: ReturnType<typeof openSession> | null = null;
  let leadingPid: number | null = null;

  const drop = async () => {
    const old = session;
    session = null;
    leadingPid = null;
    // At once: a session that is given up must not win the lock after all.
    await old?.end({ timeout: 0 }).catch(() => {});
  };

  return {
    async check() {
      session ??= open();
      const sql = session;
      try {
        // One statement on one session: a lock is asked for only where this very session does not hold it.
        const [row] = await within(
          timeoutMs,
          () => sql<{ pid: number; held: boolean }[]>`
            with mine as (
              select exists (
                select from pg_locks
                where locktype = 'advisory' and pid = pg_backend_pid() and granted
                  and database = (select oid from pg_database where datname = current_database())
                  and classid::bigint = ${LOCK_CLASS} and objid::bigint = (hashtext(${ownerId})::bigint & 4294967295)
                  and objsubid = 2
              ) as held
            )
            select pg_backend_pid() as pid,
              case when held then true else pg_try_advisory_lock(${LOCK_CLASS}, hashtext(${ownerId})) end as held
            from mine`,
        );
        if (!row?.held) {
          leadingPid = null;
          return 'standby';
        }
        const known = leadingPid === row.pid;
        leadingPid = row.pid;
        return known ? 'leading' : 'won';
      } catch (error) {
        onError?.(error);
        void drop();
        return 'unreachable';
      }
    },
    async resign() {
      const sql = session;
      // The server may notice the end of a session later than the next worker asks.
      if (sql && leadingPid !== null) {
        await within(timeoutMs, () => sql`select pg_advisory_unlock_all()`).catch(() => {});
      }
      await drop();
    },
  };
}
