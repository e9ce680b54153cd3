import { expect } from 'vitest';
import { hvacZones } from '@/db/schema';
import { playScenarios } from './scenario.case';
import { RUNNING_TICKS } from './stage.case';

playScenarios('devices that fail or are meddled with', [
  {
    what: 'a miner that says yes and stays off',
    async play(stage) {
      await stage.fail('smartload_1', { kind: 'lie' });
      await stage.start({ tickSeconds: 30 }).ticks(30);
      expect(stage.told('smartload_1').length).toBeLessThanOrEqual(5);
    },
    commands: { smartload_1: ['on not_followed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: ['command:primary', 'not-started:primary, open'],
  },
  {
    what: 'a miner that says yes, goes on and stays at 0 W',
    async play(stage) {
      await stage.fail('smartload_1', { kind: 'idle' });
      await stage.start({ tickSeconds: 30 }).ticks(30);
      expect(stage.told('smartload_1')).toEqual(['on']);
    },
    commands: { smartload_1: ['on ramping'] },
    loads: { primary: 'ramping' },
    alerts: ['not-reached:primary, open'],
  },
  {
    what: 'a plug that refuses',
    async play(stage) {
      await stage.fail('smartload_1', { kind: 'refuse', asks: 'on' });
      await stage.start({ tickSeconds: 30 }).ticks(22);
      expect(stage.told('smartload_1').length).toBeLessThanOrEqual(3);
    },
    commands: { smartload_1: ['on refused, under way'] },
    loads: { primary: 'off' },
    alerts: ['command:primary, open'],
  },
  {
    what: 'an off that never arrives while the battery is low',
    async play(stage) {
      await stage.fail('smartload_1', { kind: 'drop', asks: 'off' });
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      stage.voltage(() => 46.5);
      await worker.ticks(12);
      // The third is not needed: without a renewal the plug's own timer ends it.
      expect(stage.told('smartload_1')).toEqual(['on', 'off', 'off']);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: ['battery-low, open', 'command:primary'],
  },
  {
    what: 'an off that is followed a minute late',
    async play(stage) {
      await stage.fail('smartload_1', { kind: 'delay', asks: 'off', seconds: 60 });
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      await stage.override('primary', 'off');
      await worker.ticks(14);
    },
    commands: { smartload_1: ['on observed', 'off observed'] },
    loads: { primary: 'off' },
    alerts: [],
  },
  {
    what: 'an on that arrives again after the off',
    async play(stage) {
      await stage.fail('smartload_1', { kind: 'duplicate', asks: 'on', seconds: 200 });
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      await stage.override('primary', 'off');
      await worker.ticks(12);
    },
    commands: { smartload_1: ['on observed', 'off reverted', 'off observed'] },
    loads: { primary: 'off' },
    alerts: ['foreign:primary'],
  },
  {
    what: 'a plug that reboots when it is switched on',
    async play(stage) {
      await stage.fail('smartload_1', { kind: 'reboot', asks: 'on', times: 1, seconds: 60 });
      await stage.start().ticks(40);
    },
    commands: { smartload_1: ['on observed'] },
    loads: { primary: 'on' },
    alerts: ['command:primary', 'device:smartload_1', 'unknown:primary'],
  },
  {
    what: 'another app turns on what the owner has switched off',
    async play(stage) {
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      await stage.override('primary', 'off');
      await worker.ticks(4);
      await stage.site.meddle('smartload_1', 'on');
      await worker.ticks(4);
      expect(stage.told('smartload_1')).toEqual(['on', 'off', 'off']);
    },
    commands: { smartload_1: ['on observed', 'off reverted', 'off observed'] },
    loads: { primary: 'off' },
    alerts: ['foreign:primary'],
  },
  {
    what: 'somebody turns off what is running',
    async play(stage) {
      const worker = stage.start();
      await worker.ticks(RUNNING_TICKS);
      await stage.site.meddle('smartload_1', 'off');
      await worker.ticks(30);
      expect(stage.told('smartload_1')).toEqual(['on', 'on']);
    },
    commands: { smartload_1: ['on reverted', 'on observed'] },
    loads: { primary: 'on' },
    alerts: ['reverted:primary'],
  },
  {
    what: 'a fan that says yes and stands still in a room that is too hot',
    async play(stage) {
      await stage.fail('ac_infinity_1', { kind: 'lie' });
      const worker = stage.start({ tickSeconds: 30 });
      await worker.ticks(10);
      stage.site.senses.temperatureC = (measured) => measured && { ...measured, value: 42 };
      await worker.ticks(26);
      expect(stage.told('ac_infinity_1').length).toBeLessThanOrEqual(8);
    },
    commands: {
      ac_infinity_1: ['speed 10 not_followed, under way'],
      smartload_1: ['on observed', 'off observed'],
    },
    loads: { primary: 'off', fan: 'off' },
    alerts: ['command:fan, open'],
  },
  {
    what: 'a heater that somebody switches off again',
    async play(stage) {
      await stage.site.db.update(hvacZones).set({
        tempTooCold: 40,
        tempColdOk: 45,
        tempHotOk: 50,
        tempTooHot: 55,
        onlyHeatWhenSolar: false,
        heatingPriority1: 'heater',
      });
      await stage.fail('shelly_heater_1', { kind: 'revert', asks: 'on', times: 1, seconds: 120 });
      await stage.start({ tickSeconds: 30 }).ticks(30);
    },
    commands: { shelly_heater_1: ['on reverted', 'on observed'] },
    loads: { heater: 'on' },
    alerts: ['reverted:heater'],
  },
]);
