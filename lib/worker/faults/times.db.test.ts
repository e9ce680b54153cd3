import { expect } from 'vitest';
import { minerProfiles, overrides } from '@/db/schema';
import { playScenarios } from './scenario.case';
import { PLAIN, RUNNING_TICKS } from './stage.case';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

playScenarios('clocks, calendars and ends', [
  {
    what: 'a clock that jumps back an hour',
    async play(stage) {
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      stage.site.clock.at -= HOUR_MS;
      await worker.ticks(20);
    },
    commands: { smartload_1: ['on observed'] },
    loads: { primary: 'on' },
    alerts: [],
  },
  {
    // For the simulated house that hour has passed, and the plug's own timer with it.
    what: 'a clock that jumps an hour ahead',
    async play(stage) {
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      stage.site.clock.at += HOUR_MS;
      await worker.tick();
      expect(stage.site.calls).toEqual(['smartload_1 on']);
      await worker.ticks(23);
    },
    commands: { smartload_1: ['on reverted', 'on observed'] },
    loads: { primary: 'on' },
    alerts: ['reverted:primary'],
  },
  {
    what: 'the hour that comes twice, within a schedule until two',
    async play(stage) {
      const { clock } = stage.site;
      clock.at = Date.UTC(2026, 10, 1, 8, 40);
      await stage.miner('primary', {
        ...PLAIN,
        preferTimeStart: 0,
        preferTimeEnd: 2,
        allowOutsideSchedule: false,
      });
      const worker = stage.start({ tickSeconds: 120 });
      while (clock.at < Date.UTC(2026, 10, 1, 9, 56)) await worker.tick();
      expect(stage.told('smartload_1')).toEqual(['on']);
      await worker.ticks(4);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: 'the hour that is left out, within a schedule until three',
    async play(stage) {
      const { clock } = stage.site;
      clock.at = Date.UTC(2026, 2, 8, 9, 30);
      await stage.miner('primary', {
        ...PLAIN,
        preferTimeStart: 0,
        preferTimeEnd: 3,
        allowOutsideSchedule: false,
      });
      const worker = stage.start({ tickSeconds: 120 });
      while (clock.at < Date.UTC(2026, 2, 8, 9, 56)) await worker.tick();
      expect(stage.told('smartload_1')).toEqual(['on']);
      await worker.ticks(4);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: 'an owner’s off, given by a clock that is then put back an hour',
    async play(stage) {
      const { clock } = stage.site;
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      const endsAt = await stage.override('primary', 'off', 30);
      await worker.ticks(3);
      expect(stage.told('smartload_1')).toEqual(['on', 'off']);
      clock.at -= HOUR_MS;
      // Minimum off-time and hold have long passed.
      await worker.ticks(120);
      expect(stage.told('smartload_1')).toEqual(['on', 'off']);
      const [row] = await stage.site.db.select().from(overrides);
      expect(row?.startsAt.getTime()).toBeLessThan(clock.at);
      expect(row?.endsAt).toEqual(endsAt);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: 'an on that was served, by a clock that is then put back an hour',
    async play(stage) {
      const { clock } = stage.site;
      await stage.site.db.update(minerProfiles).set({ enabled: false });
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      await stage.override('primary', 'on', 15);
      await worker.ticks(120);
      expect(stage.told('smartload_1')).toEqual(['on', 'off']);
      clock.at -= HOUR_MS;
      await worker.ticks(120);
      expect(stage.told('smartload_1')).toEqual(['on', 'off']);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: 'an override that ends while the worker is down',
    async play(stage) {
      await stage.site.db.update(minerProfiles).set({ enabled: false });
      const first = stage.start();
      await first.ticks(7);
      await stage.override('primary', 'on', 10);
      await first.ticks(18);
      expect(await stage.observed('primary')).toBe('on');
      await first.site.stop();
      stage.site.clock.pass(12 * MINUTE_MS);
      await stage.start({ workerId: 'b' }).ticks(4);
      // The plug's own timer has ended it.
      expect(stage.told('smartload_1')).toEqual(['on']);
    },
    commands: { smartload_1: ['on reverted'] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: 'an override that ends while the database is away',
    async play(stage) {
      await stage.site.db.update(minerProfiles).set({ enabled: false });
      const worker = stage.start({ tickSeconds: 30 });
      await worker.ticks(3);
      const endsAt = await stage.override('primary', 'on', 5);
      await worker.ticks(8);
      expect(await stage.observed('primary')).toBe('on');
      stage.site.line.cut();
      while (stage.site.clock.at < endsAt.getTime() + 30_000) await worker.tick();
      expect(stage.told('smartload_1')).toEqual(['on', 'off']);
      stage.site.line.mend();
      await worker.ticks(2);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: [],
  },
]);
