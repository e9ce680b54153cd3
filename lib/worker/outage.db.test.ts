import { asc, sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { decisions, minerProfiles, telemetry } from '@/db/schema';
import { minerLoadId } from '@/lib/core/loads';
import { seededSite } from './seeded-site.case';

const seeded = seededSite(Date.UTC(2026, 5, 1, 17, 0));

/** Long, because every tick without a database waits for it by the real clock. */
const TICK_SECONDS = 60;
const BEFORE = 8;
const AWAY = 17;

it.each(['cut', 'freeze'] as const)(
  'a database that is away (%s) is survived: nothing starts, loads go off after 15 min, and every tick is stored once',
  async (kind) => {
    const { db, line, load, start, status, statesOf } = seeded();
    const worker = start('a', { tickSeconds: TICK_SECONDS });
    const [miner] = await db.select().from(minerProfiles).orderBy(asc(minerProfiles.priorityLevel));
    const primary = minerLoadId(miner?.id ?? '');
    await worker.ticks(BEFORE);
    expect((await load(primary)).verdict).toBe('KEEP_RUNNING');

    line[kind]();
    const away = await worker.ticks(AWAY);
    expect(new Set(away)).toEqual(new Set(['buffered']));
    expect(await db.$count(telemetry)).toBe(BEFORE);

    line.mend();
    expect(await worker.tick()).toBe('recorded');
    const rows = await db.select({ ts: telemetry.ts }).from(telemetry).orderBy(asc(telemetry.ts));
    expect(rows).toHaveLength(BEFORE + AWAY + 1);
    const gapsMs = rows.slice(1).map((row, i) => row.ts.getTime() - (rows[i]?.ts.getTime() ?? 0));
    expect(new Set(gapsMs)).toEqual(new Set([TICK_SECONDS * 1000]));
    const states = (await statesOf(primary)).slice(BEFORE);
    const offAt = states.indexOf('off');
    expect(states.slice(0, offAt).every((state) => state === 'on')).toBe(true);
    // The tick that stops it still sees it on; the next one sees it off.
    expect(offAt * TICK_SECONDS).toBeGreaterThanOrEqual(15 * 60);
    expect(offAt * TICK_SECONDS).toBeLessThanOrEqual(15 * 60 + TICK_SECONDS);
    expect(states.slice(offAt).every((state) => state === 'off')).toBe(true);
    expect((await status()).startsHeld).not.toBeNull();

    const seen = new Map<string, string>();
    for (const change of await db.select().from(decisions).orderBy(asc(decisions.ts), asc(decisions.id))) {
      expect(change.previousVerdict).toBe(seen.get(change.loadId) ?? null);
      seen.set(change.loadId, change.verdict);
      expect(change.explanation.flip.text).not.toBe('not worked out at this tick');
    }
    const repeated = await db.execute(sql`select 1 from decisions group by load_id, ts having count(*) > 1`);
    expect(repeated).toHaveLength(0);
  },
);
