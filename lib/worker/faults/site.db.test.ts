import { desc, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { commands, devices, hvacZones, minerProfiles, telemetry, userPreferences } from '@/db/schema';
import { OWNER_ID } from '@/lib/core/defaults';
import { playScenarios } from './scenario.case';
import { PLAIN, RUNNING_TICKS } from './stage.case';

playScenarios('the site and its database', [
  {
    what: 'two miners that may start in the same tick',
    async play(stage) {
      await stage.site.db.update(minerProfiles).set(PLAIN);
      await stage.site.db.update(userPreferences).set({ maxBatteryDischargeWatts: 20_000 });
      await stage.start().ticks(45);
      const rows = await stage.site.db.select().from(commands).orderBy(commands.intendedAt);
      const [first, second] = rows.filter(({ desired }) => desired.state === 'on');
      expect(second?.intendedAt.getTime()).toBeGreaterThanOrEqual(first?.endedAt?.getTime() ?? 0);
    },
    commands: { smartload_1: ['on observed'], shelly_s19_1: ['on observed'] },
    loads: { primary: 'on', s19: 'on' },
    alerts: [],
  },
  {
    what: 'twenty miners',
    async play(stage) {
      const { db } = stage.site;
      await db.update(userPreferences).set({ inverterMaxWatts: 10_000 });
      await db.delete(minerProfiles);
      const keys = Array.from({ length: 20 }, (_, i) => `miner_${i}`);
      await db.insert(devices).values(
        keys.map((key) => ({
          userId: OWNER_ID,
          key,
          name: key,
          driver: 'simulated',
          connection: { part: 'miner', rated_w: 900 },
          controlEnabled: true,
        })),
      );
      await db.insert(minerProfiles).values(
        keys.map((key, i) => ({
          ...PLAIN,
          userId: OWNER_ID,
          name: key,
          powerDrawWatts: 900,
          priorityLevel: 1 + (i % 10),
          startHysteresisMinutes: 0,
          minimumOffMinutes: 0,
          deviceIdentifier: key,
        })),
      );
      await stage.start({ tickSeconds: 30 }).ticks(40);
      const [last] = await db.select().from(telemetry).orderBy(desc(telemetry.ts)).limit(1);
      const states = Object.values(last?.loads as Record<string, { state: string }>).map(
        ({ state }) => state,
      );
      const running = states.filter((state) => state !== 'off').length;
      expect(running).toBeGreaterThanOrEqual(5);
      expect(running * 900).toBeLessThanOrEqual(0.9 * 10_000);
      // One after the other, however many may.
      const told = stage.site.calls.filter((call) => call.endsWith(' on'));
      expect(new Set(told).size).toBe(told.length);
    },
    commands: {},
    alerts: [],
    loads: {},
  },
  {
    what: 'no miner, no room, no switch',
    async play(stage) {
      const { db } = stage.site;
      await db.delete(minerProfiles);
      await db.delete(hvacZones);
      await db.delete(devices).where(sql`${devices.key} <> 'sim_inverter'`);
      expect(new Set(await stage.start().ticks(5))).toEqual(new Set(['recorded']));
      expect((await stage.site.status()).loads).toEqual([]);
    },
    commands: {},
    alerts: [],
    loads: {},
  },
  {
    what: 'a database that is away for 10 min',
    async play(stage) {
      const worker = stage.start({ tickSeconds: 60 });
      await worker.ticks(8);
      stage.site.line.cut();
      expect(new Set(await worker.ticks(10))).toEqual(new Set(['buffered']));
      stage.site.line.mend();
      await worker.ticks(2);
      const states = await stage.states('primary');
      expect(states).toHaveLength(20);
      expect(states.slice(8)).toEqual(Array(12).fill('on'));
    },
    commands: { smartload_1: ['on observed'] },
    loads: { primary: 'on' },
    alerts: [],
  },
  {
    what: 'a battery that is empty while the database is away',
    async play(stage) {
      const worker = stage.start({ tickSeconds: 30 });
      await worker.ticks(12);
      stage.site.line.cut();
      await worker.tick();
      stage.voltage(() => 44.8);
      await worker.ticks(2);
      expect(stage.told('smartload_1')).toEqual(['on', 'off']);
      stage.site.line.mend();
      await worker.ticks(2);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: ['battery-critical, open'],
  },
  {
    what: 'a disk that is full',
    async play(stage) {
      const { db } = stage.site;
      const worker = stage.start();
      await worker.ticks(3);
      await db.execute(sql`
        create function no_space() returns trigger language plpgsql
        as $$ begin raise exception 'could not extend file' using errcode = '53100'; end $$`);
      await db.execute(sql`create trigger full_disk before insert on telemetry execute function no_space()`);
      expect(new Set(await worker.ticks(8))).toEqual(new Set(['buffered']));
      expect(stage.told('smartload_1')).toEqual([]);
      await db.execute(sql`drop trigger full_disk on telemetry`);
      await worker.ticks(26);
      expect(await stage.states('primary')).toHaveLength(37);
    },
    commands: { smartload_1: ['on observed'] },
    loads: { primary: 'on' },
    alerts: [],
  },
  {
    what: 'a worker that ends between an on and its answer',
    async play(stage) {
      await stage.fail('smartload_1', { kind: 'mute', asks: 'on', times: 1 });
      const first = stage.start();
      while (stage.told('smartload_1').length === 0) await first.tick();
      await first.site.stop();
      await stage.start({ workerId: 'b' }).ticks(24);
      expect(stage.told('smartload_1')).toEqual(['on']);
    },
    commands: { smartload_1: ['on observed'] },
    loads: { primary: 'on' },
    alerts: [],
  },
  {
    what: 'a worker that ends between an off and its answer',
    async play(stage) {
      const first = stage.start();
      await first.ticks(RUNNING_TICKS);
      await stage.fail('smartload_1', { kind: 'mute', asks: 'off', times: 1 });
      await stage.override('primary', 'off');
      while (stage.told('smartload_1').length === 1) await first.tick();
      await first.site.stop();
      await stage.start({ workerId: 'b' }).ticks(4);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: [],
  },
]);
