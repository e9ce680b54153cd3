import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { minerLoad, NOON, reading, tickAt, wireStatus } from '@/components/cockpit/status.case';
import { lastSeenOf } from './last-seen';

describe('what the offline page tells', () => {
  it('is as old as its voltage, not as its arrival', () => {
    const { readings } = tickAt(NOON);
    const status = wireStatus({
      readings: { ...readings, packVoltageV: reading(52.31, 90_000) },
      loads: [minerLoad()],
    });
    expect(lastSeenOf(status, NOON)).toMatchObject({
      at: NOON - 90_000,
      voltage: '52.31 V',
      loads: [{ name: 'Dump Load S19 #1', state: 'Off' }],
    });
  });

  it('calls unknown what was not measured', () => {
    const { readings } = tickAt(NOON);
    const status = wireStatus({ readings: { ...readings, packVoltageV: reading(null) } });
    expect(lastSeenOf(status, NOON).voltage).toBe('unknown');
  });

  it('is read by the page under the same name', () => {
    const page = readFileSync('public/offline.html', 'utf8');
    const code = readFileSync('components/offline/last-seen.ts', 'utf8');
    const key = /'(commandcenter-[a-z-]+)'/;
    expect(key.exec(page)?.[1]).toBe(key.exec(code)?.[1]);
  });
});
