import { describe, expect, it } from 'vitest';
import { createSiteClock } from './site-clock';

const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2026, 5, 1, 12);

describe('the site’s clock', () => {
  it.each([-5, 0, 5])('is the server’s on a device that is %i hours ahead', (hours) => {
    const device = { now: NOON + hours * HOUR_MS };
    const clock = createSiteClock(() => device.now);
    clock.seed(NOON);
    expect(clock.now()).toBe(NOON);
    device.now += 30_000;
    expect(clock.now()).toBe(NOON + 30_000);
  });

  it('does not jump with the way that each tick takes', () => {
    const device = { now: NOON };
    const clock = createSiteClock(() => device.now);
    clock.seed(NOON - 4_000);
    clock.note(NOON - 2_000);
    expect(clock.now()).toBe(NOON);
  });

  it('goes by the newest tick, not by a page that was rendered long ago', () => {
    const device = { now: NOON };
    const clock = createSiteClock(() => device.now);
    clock.note(NOON);
    clock.seed(NOON - 9 * HOUR_MS);
    expect(clock.now()).toBe(NOON);
  });

  it('follows a device whose clock is put right', () => {
    const device = { now: NOON + 5 * HOUR_MS };
    const clock = createSiteClock(() => device.now);
    clock.seed(NOON);
    device.now = NOON + 60_000;
    clock.note(NOON + 60_000);
    expect(clock.now()).toBe(NOON + 60_000);
  });
});
