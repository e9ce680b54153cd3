import { describe, expect, it } from 'vitest';
import { localDateOf } from '@/lib/local-day';
import { lastDueAt, nextBackupAt, nextDueAt } from './schedule';

const ZONE = 'America/Los_Angeles';
const at = (iso: string) => Date.parse(iso);

describe('when a nightly backup is due', () => {
  it('is the hour on the owner’s clock', () => {
    expect(lastDueAt(at('2026-07-02T12:00:30Z'), 3, ZONE)).toBe(at('2026-07-02T10:00:00Z'));
    expect(lastDueAt(at('2026-07-02T09:59:59Z'), 3, ZONE)).toBe(at('2026-07-01T10:00:00Z'));
    expect(lastDueAt(at('2026-07-02T10:00:00Z'), 3, ZONE)).toBe(at('2026-07-02T10:00:00Z'));
    expect(nextDueAt(at('2026-07-02T10:00:00Z'), 3, ZONE)).toBe(at('2026-07-03T10:00:00Z'));
    expect(nextDueAt(at('2026-07-02T02:00:00Z'), 23, ZONE)).toBe(at('2026-07-02T06:00:00Z'));
    expect(lastDueAt(at('2026-07-02T23:00:00Z'), 0, 'Asia/Kathmandu')).toBe(at('2026-07-02T18:15:00Z'));
  });

  it('stays that hour when the clocks change', () => {
    // 2026-11-01: 02:00 PDT becomes 01:00 PST. 2026-03-08: 02:00 PST becomes 03:00 PDT.
    expect(nextDueAt(at('2026-10-31T12:00:00Z'), 3, ZONE)).toBe(at('2026-11-01T11:00:00Z'));
    expect(nextDueAt(at('2026-03-07T12:00:00Z'), 3, ZONE)).toBe(at('2026-03-08T10:00:00Z'));
    expect(lastDueAt(at('2026-03-08T20:00:00Z'), 1, ZONE)).toBe(at('2026-03-08T09:00:00Z'));
  });

  it('moves on by a day, a minute at a time, over a whole year', () => {
    for (let now = at('2026-01-01T00:00:00Z'), due = 0; now < at('2027-01-02T00:00:00Z'); now = due) {
      due = nextDueAt(now, 4, ZONE);
      const hours = (due - now) / 3_600_000;
      expect(hours).toBeGreaterThan(0);
      expect(hours).toBeLessThanOrEqual(25);
      expect(lastDueAt(due, 4, ZONE)).toBe(due);
    }
  });
});

describe('when the clock changes', () => {
  it.each([
    ['America/Los_Angeles', 1],
    ['America/Los_Angeles', 2],
    ['Australia/Lord_Howe', 2],
    ['Atlantic/Azores', 0],
    ['Africa/Cairo', 0],
    ['America/Santiago', 23],
    ['Pacific/Chatham', 3],
  ])('is one moment of each day in %s at %i, whenever it is asked', (zone, hour) => {
    const dues: number[] = [];
    for (let now = at('2026-01-01T00:00:00Z'); now < at('2027-01-02T00:00:00Z'); ) {
      now = nextDueAt(now, hour, zone);
      dues.push(now);
    }
    expect(new Set(dues.map((due) => localDateOf(due, zone))).size).toBe(dues.length);
    let past = 0;
    for (let now = dues[0] ?? 0; now < at('2027-01-01T00:00:00Z'); now += 27_000_000) {
      while ((dues[past + 1] ?? 0) <= now) past += 1;
      expect([lastDueAt(now, hour, zone), nextDueAt(now, hour, zone)]).toEqual([dues[past], dues[past + 1]]);
    }
  });
});

describe('the next backup', () => {
  const plan = { hour: 3, timeZone: ZONE };
  const now = at('2026-07-02T12:00:00Z');
  const due = at('2026-07-02T10:00:00Z');
  const tomorrow = at('2026-07-03T10:00:00Z');
  const long = at('2026-01-01T00:00:00Z');

  it('comes tomorrow after today’s, and made up for at once when it was missed', () => {
    expect(nextBackupAt(now, plan, { since: long, lastDone: due + 1000, lastTried: due + 1000 })).toBe(
      tomorrow,
    );
    expect(nextBackupAt(now, plan, { since: long, lastDone: due - 1, lastTried: due - 1 })).toBe(due);
    expect(nextBackupAt(now, plan, { since: long, lastDone: null, lastTried: null })).toBe(due);
  });

  it('is not due for a night before the folder was chosen', () => {
    expect(nextBackupAt(now, plan, { since: now - 1, lastDone: null, lastTried: null })).toBe(tomorrow);
  });

  it('is due where the folder was chosen by a clock that was far ahead', () => {
    const ahead = at('2036-01-01T00:00:00Z');
    expect(nextBackupAt(now, plan, { since: ahead, lastDone: null, lastTried: null })).toBe(due);
  });

  it('is tried again an hour after a failure', () => {
    const failed = due + 5000;
    expect(nextBackupAt(now, plan, { since: long, lastDone: null, lastTried: failed })).toBe(
      failed + 3_600_000,
    );
  });
});
