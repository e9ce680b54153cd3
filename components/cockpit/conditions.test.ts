import { describe, expect, it } from 'vitest';
import type { StatusSource } from '@/lib/status/types';
import { conditionsOf } from './conditions';
import type { LinkState } from './live-connection';
import { NOON, reading, tickAt, wireStatus } from './status.case';

const told = (status = wireStatus(), link: LinkState = 'live') =>
  conditionsOf({ status, link, receivedAt: NOON, timeZone: 'America/Los_Angeles' });

const gx: StatusSource = {
  key: 'gx',
  name: 'GX in the shed',
  driver: 'victron-mqtt',
  simulated: false,
  roles: ['battery'],
  lastSeenAt: NOON - 250_000,
  error: 'nothing heard for 250 s',
};
const { readings, battery, chargePermission } = tickAt(NOON);
const stale = {
  sources: [gx],
  readings: { ...readings, packVoltageV: reading(52.31, 250_000, 'gx') },
  battery: { ...battery, stale: true, band: 'UNKNOWN' as const },
};

describe('conditionsOf', () => {
  it('is silent when all is well', () => expect(told()).toEqual([]));

  it('names the source of a stale voltage, since when, and what happens now', () => {
    const [condition, ...others] = told(wireStatus(stale));
    expect(others).toEqual([]);
    expect(condition?.title).toBe('No battery voltage from GX in the shed since 11:59');
    expect(condition?.text).toMatch(/^Nothing starts without it.*nothing heard for 250 s$/);
  });

  it('goes by the battery device when the voltage was never measured', () => {
    const never = { ...stale, readings: { ...readings, packVoltageV: reading(null) } };
    expect(told(wireStatus({ ...never, battery: { ...stale.battery, rawAgeMs: null } }))[0]?.title).toBe(
      'No battery voltage from GX in the shed since 11:59',
    );
    const unseen = { ...never, sources: [{ ...gx, lastSeenAt: null, error: null }] };
    expect(told(wireStatus({ ...unseen, battery: { ...stale.battery, rawAgeMs: null } }))[0]?.title).toBe(
      'No battery voltage from GX in the shed yet',
    );
  });

  it('leads to the devices where none measures the battery', () => {
    const gone = { ...stale, sources: [], readings: { ...readings, packVoltageV: reading(null) } };
    expect(told(wireStatus(gone))[0]).toMatchObject({
      title: 'No device measures the battery',
      text: expect.stringContaining('Settings → Devices'),
    });
  });

  it('blames the worker, not the sensor, when the worker is silent', () => {
    const silent = told(wireStatus(stale, 300_000));
    expect(silent.map(({ key }) => key)).toEqual(['worker']);
    expect(silent[0]?.title).toBe('No decision since 11:58');
  });

  it('names a full disk as what silences the worker, and only then', () => {
    const at = (freeBytes: number, laterMs: number) => told(wireStatus({}, laterMs, freeBytes))[0]?.text;
    expect(at(0, 300_000)).toMatch(/disk .* is full.*Free some space/);
    expect(at(1e9, 300_000)).toMatch(/worker/);
    expect(at(0, 0)).toBeUndefined();
  });

  it('tells of another device that fails', () => {
    const plug = { ...gx, key: 'plug', name: 'Plug', roles: [], error: 'refused' };
    expect(told(wireStatus({ sources: [plug] })).map(({ key, title }) => [key, title])).toEqual([
      ['source:plug', 'Plug does not answer'],
    ]);
  });

  it('says that charging is blocked, louder where nothing can block it', () => {
    const blocked = { ...chargePermission, permitted: false, reason: 'Heat Room is at −2 °C' };
    expect(told(wireStatus({ chargePermission: blocked }))[0]).toMatchObject({
      tone: 'caution',
      title: 'Charging is blocked',
      text: 'Heat Room is at −2 °C',
    });
    expect(told(wireStatus({ chargePermission: { ...blocked, unenforceable: true } }))[0]?.tone).toBe(
      'danger',
    );
  });

  it('says in advisory mode that nothing is sent, and in paused that loads stay off', () => {
    expect(told(wireStatus({ controlMode: 'advisory' }))[0]?.title).toBe(
      'Advisory: deciding only, sends nothing',
    );
    expect(told(wireStatus({ controlMode: 'paused' }))[0]?.title).toContain('Paused');
  });

  it('says why a new leader starts nothing yet', () => {
    const startsHeld = { reason: 'the worker has just taken over', until: NOON + 60_000 };
    expect(told(wireStatus({ startsHeld }))[0]?.text).toContain('just taken over');
  });

  it('puts a lost connection first and says from when the numbers are', () => {
    expect(told(wireStatus(stale), 'lost').map(({ key }) => key)).toEqual(['link', 'voltage']);
    expect(told(wireStatus(), 'lost')[0]?.text).toContain('from 12:03');
    expect(told(wireStatus(), 'connecting')).toEqual([]);
  });
});
