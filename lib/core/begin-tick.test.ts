import { describe, expect, it } from 'vitest';
import { decisionFor, PRIMARY, type Readings, Site, seedMiner } from './scenario.case';

const day: Readings = { v: 52.3, pv: 8450, load: 1850, date: '2026-06-15' };
const on = { [PRIMARY]: { state: 'on', powerW: { value: 3878, sampleAt: 0, ageMs: 0 } } } as const;

describe('the local date', () => {
  function usedUp(): Site {
    const site = new Site({ miners: [seedMiner(0, { maximumRuntimeHours: 1 })] });
    site.hold(300, day);
    site.tick({ ...day, date: '2030-01-01' });
    site.hold(3700, { ...day, load: 5728 }, on);
    site.hold(600, day);
    expect(decisionFor(site.tick(day), PRIMARY)).toMatchObject({ verdict: 'WAIT', binding: 'runtime' });
    return site;
  }

  it('resets the runtime with the next day, although it once jumped years ahead', () => {
    const site = usedUp();
    expect(site.secondsUntil('START', PRIMARY, 600, { ...day, date: '2026-06-16' })).toBe(300);
  });

  it('resets nothing when it goes back, nor when it returns from a step back of one day', () => {
    const site = usedUp();
    for (const date of ['2026-06-14', '2026-06-15', '2026-06-14', '2026-06-15']) {
      site.hold(600, { ...day, date });
      expect(decisionFor(site.tick({ ...day, date }), PRIMARY).binding).toBe('runtime');
    }
  });
});

describe('a heat stop', () => {
  it('is over once the zone was well again: a later start needs only less than too hot', () => {
    const site = new Site({ miners: [seedMiner(0)] });
    site.hold(300, day);
    const running: Readings = { ...day, load: 5728 };
    site.hold(1200, running, on);
    site.hold(20, { ...running, heatRoomC: 45.5 }, on);
    // Off, and 37 °C is below too hot (40) but above well again (35).
    site.hold(900, { ...day, heatRoomC: 37 });
    expect(decisionFor(site.tick({ ...day, heatRoomC: 37 }), PRIMARY)).toMatchObject({
      verdict: 'WAIT',
      binding: 'zone-temperature',
    });
    site.tick({ ...day, v: 49, heatRoomC: 35 });
    site.hold(60, { ...day, v: 49, heatRoomC: 37 });
    expect(site.secondsUntil('START', PRIMARY, 600, { ...day, heatRoomC: 37 })).toBe(300);
  });
});
