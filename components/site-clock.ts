/** Less is the way of a page or a tick to this device, ms. */
const SLACK_MS = 10_000;

export interface SiteClock {
  /** Epoch ms as the site's server has it, whatever this device's own clock shows. */
  now(): number;
  /** What the page was rendered with: a first word, while nothing better is known. */
  seed(serverNow: number): void;
  /** The server's time that has just arrived. */
  note(serverNow: number): void;
}

/** The clock of a device, put right by what the server says. */
export function createSiteClock(deviceNow: () => number): SiteClock {
  let aheadMs: number | null = null;
  const note = (serverNow: number) => {
    const ahead = serverNow - deviceNow();
    if (Math.abs(ahead - (aheadMs ?? 0)) > SLACK_MS) aheadMs = Math.abs(ahead) > SLACK_MS ? ahead : 0;
    aheadMs ??= 0;
  };
  return {
    now: () => deviceNow() + (aheadMs ?? 0),
    seed(serverNow) {
      // A page that is gone back to was rendered long ago; by then ticks have told.
      if (aheadMs === null) note(serverNow);
    },
    note,
  };
}

export const siteClock = createSiteClock(() => Date.now());
