import { expect } from 'vitest';
import { userPreferences } from '@/db/schema';
import { playScenarios } from './scenario.case';
import { PLAIN, RUNNING_TICKS } from './stage.case';

const MINUTE_MS = 60_000;

/** Clouds that come and go every 90 s. */
const cloudy = (now: number) => (Math.floor(now / 90_000) % 2 === 0 ? 12_000 : 3000);

playScenarios('sensors and weather', [
  {
    what: 'clouds every 90 s, at the threshold to start',
    async play(stage) {
      await stage.miner('primary', {
        ...PLAIN,
        operatingMode: 'opportunistic',
        requireExcessSolar: true,
        minimumExcessWatts: 3000,
        startHysteresisMinutes: 5,
      });
      const { senses, clock } = stage.site;
      senses.pvW = (measured) => measured && { ...measured, value: cloudy(clock.now()) };
      await stage.start({ tickSeconds: 30 }).ticks(50);
    },
    commands: { smartload_1: [] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: 'clouds every 90 s, over a miner that runs',
    async play(stage) {
      await stage.miner('primary', {
        ...PLAIN,
        operatingMode: 'opportunistic',
        requireExcessSolar: true,
        minimumExcessWatts: 3000,
      });
      const { senses, clock } = stage.site;
      senses.pvW = (measured) => measured && { ...measured, value: 12_000 };
      const worker = stage.start({ tickSeconds: 30 });
      await worker.ticks(30);
      senses.pvW = (measured) => measured && { ...measured, value: cloudy(clock.now()) };
      await worker.ticks(40);
    },
    commands: { smartload_1: ['on observed'] },
    loads: { primary: 'on' },
    alerts: [],
  },
  {
    what: 'a start that would sag the bank below its own stop, with a known resistance',
    async play(stage) {
      const worker = stage.start({ shown: true });
      await worker.tick();
      const raw = (await stage.site.status()).battery.rawV ?? 0;
      await stage.miner('primary', { ...PLAIN, startVoltage: raw - 0.1, stopVoltage: raw - 0.3 });
      await stage.site.db.update(userPreferences).set({ internalResistanceMohm: 8 });
      await worker.ticks(20);
      const primary = await stage.site.load(stage.loads.primary ?? '');
      expect(primary.explanation.binding).toBe('predicted-voltage');
    },
    commands: { smartload_1: [] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: 'a start that sags the bank below its own stop, of unknown resistance',
    async play(stage) {
      await stage.miner('primary', {
        ...PLAIN,
        startVoltage: 52.3,
        stopVoltage: 52.1,
        startHysteresisMinutes: 1,
        minimumOffMinutes: 5,
      });
      // 0.5 V of sag, and a sensor that is never quite still.
      const sagV = () => (stage.told('smartload_1').at(-1) === 'on' ? 0.5 : 0);
      stage.voltage((now) => 52.4 - sagV() + 0.01 * (Math.floor(now / MINUTE_MS) % 2));
      await stage.start({ tickSeconds: 30 }).ticks(26);
      // It stops after its delay and rests, instead of trying again at once.
      const states = await stage.states('primary');
      const ranTicks = states.filter((state) => state !== 'off').length;
      const restedTicks = states.length - states.lastIndexOf('on') - 1;
      expect(ranTicks).toBeLessThanOrEqual(6);
      expect(restedTicks).toBeGreaterThanOrEqual(10);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: '65,535 for a state of charge',
    async play(stage) {
      stage.site.senses.battery = (measured) => ({
        ...measured,
        reportedSocPct: measured.reportedSocPct && { ...measured.reportedSocPct, value: 65_535 },
      });
      await stage.start().ticks(RUNNING_TICKS);
      expect((await stage.site.status()).battery.reportedSocPct).toBeNull();
    },
    commands: { smartload_1: ['on observed'] },
    loads: { primary: 'on' },
    alerts: ['bad:reported SoC, open'],
  },
  {
    what: 'a voltage that stands still for 20 min while the current moves',
    async play(stage) {
      const worker = stage.start({ tickSeconds: 30 });
      await worker.ticks(12);
      const { senses, clock } = stage.site;
      senses.battery = (measured) => ({
        ...measured,
        packVoltageV: measured.packVoltageV && { ...measured.packVoltageV, value: 52.4 },
        currentA: measured.currentA && {
          ...measured.currentA,
          value: Math.floor(clock.now() / MINUTE_MS) % 2 === 0 ? -40 : -10,
        },
      });
      await worker.ticks(40);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: ['bad:battery voltage, open', 'voltage-lost, open'],
  },
  {
    what: 'a cell temperature that bounces at 0 °C',
    async play(stage) {
      const { senses, clock } = stage.site;
      senses.battery = (measured) => ({
        ...measured,
        temperatureC: measured.temperatureC && {
          ...measured.temperatureC,
          value: Math.floor(clock.now() / 10_000) % 2 === 0 ? -0.2 : 0.3,
        },
      });
      await stage.start().ticks(30);
      expect((await stage.site.status()).chargePermission.permitted).toBe(false);
      expect(stage.told('sim_inverter')).toEqual(['block']);
    },
    commands: { sim_inverter: ['off observed'], smartload_1: ['on observed'] },
    loads: { primary: 'on' },
    alerts: [],
  },
]);
