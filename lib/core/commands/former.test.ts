import { describe, expect, it } from 'vitest';
import { leftBlockAlert } from './alerts';
import { dropped } from './former';
import type { Command } from './types';

const NOON = Date.UTC(2026, 5, 1, 12);
const block: Command = {
  id: 'block',
  loadId: 'charge:inverter',
  loadName: 'Charging by Inverter',
  deviceKey: 'inverter',
  desired: { state: 'off' },
  state: 'observed',
  attempts: 1,
  intendedAt: NOON,
  sentAt: NOON,
  acknowledgedAt: NOON,
  observedAt: NOON,
  retryAt: null,
  endedAt: NOON,
  error: null,
  cause: 'too cold',
  simulated: false,
};
const under: Command = { ...block, observedAt: null, acknowledgedAt: null, endedAt: null };
const lifting: Command = { ...under, desired: { state: 'on' } };

describe('a charger that is gone', () => {
  it.each<[string, boolean, Command]>([
    ['that was blocked', true, block],
    ['whose block was not answered', true, { ...under, state: 'unreachable', error: 'No answer.' }],
    ['that refused the block', false, { ...under, state: 'refused', error: 'It says no.' }],
    ['whose block was never sent', false, { ...under, state: 'intended', attempts: 0 }],
    ['whose lifting was refused', true, { ...lifting, state: 'refused', error: 'It says no.' }],
    ['whose lifting was seen', false, { ...lifting, state: 'observed', observedAt: NOON, endedAt: NOON }],
    ['that is simulated', false, { ...block, simulated: true }],
  ])('%s: told of as blocked? %s', (_what, told, command) => {
    const over = dropped(command, NOON + 1);
    expect(over.endedAt).not.toBeNull();
    expect(dropped(over, NOON + 2)).toBe(over);
    expect(leftBlockAlert(over, NOON + 2) !== null).toBe(told);
  });
});
