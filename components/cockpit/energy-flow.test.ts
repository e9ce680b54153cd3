import { describe, expect, it } from 'vitest';
import { flowsOf } from './energy-flow';
import { minerLoad, NOON, reading, tickAt, wireStatus } from './status.case';

const { readings, budget } = tickAt(NOON);
const flowOf = (node: string, changes: Parameters<typeof wireStatus>[0]) =>
  flowsOf(wireStatus(changes)).find((flow) => flow.node === node);

describe('flowsOf', () => {
  it('lets solar and a discharging battery give, house and a charging battery take', () => {
    const at = (batteryW: number) => ({ readings: { ...readings, batteryPowerW: reading(batteryW) } });
    expect(flowOf('solar', {})).toMatchObject({ direction: 'in' });
    expect(flowOf('house', { budget: { ...budget, houseW: 1850 } })).toEqual({
      node: 'house',
      watts: 1850,
      direction: 'out',
    });
    expect(flowOf('battery', at(900))).toEqual({ node: 'battery', watts: 900, direction: 'out' });
    expect(flowOf('battery', at(-900))).toEqual({ node: 'battery', watts: 900, direction: 'in' });
    expect(flowOf('battery', at(8))).toEqual({ node: 'battery', watts: 8, direction: 'none' });
  });

  it('knows nothing of what was not measured', () => {
    expect(flowOf('solar', { readings: { ...readings, pvW: reading(null) } })).toEqual({
      node: 'solar',
      watts: null,
      direction: 'none',
    });
    const running = minerLoad({ observed: 'on', powerW: 3200 });
    const blind = minerLoad({ loadId: 'miner:blind', observed: 'on', powerW: null });
    expect(flowOf('loads', { loads: [running] })).toMatchObject({ watts: 3200, direction: 'out' });
    expect(flowOf('loads', { loads: [running, blind] })).toMatchObject({ watts: null });
    expect(flowOf('loads', { loads: [{ ...running, observed: 'off' }] })).toMatchObject({ watts: 0 });
    const unlinked = minerLoad({ loadId: 'miner:new', observed: 'unknown', powerW: null, deviceKey: null });
    expect(flowOf('loads', { loads: [running, unlinked] })).toMatchObject({ watts: 3200 });
  });
});
