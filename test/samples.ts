/** What the API takes, where it matters little what it is. */

export const PASSWORD = 'a long enough one';

/** A new miner, but for its name. */
export const MINER = {
  power_draw_watts: 3000,
  start_voltage: 52,
  stop_voltage: 50,
  emergency_stop_voltage: 48,
};

/** A new device, but for its key. */
export const PLUG = {
  name: 'Plug',
  driver: 'simulated' as const,
  connection: { part: 'plug', rated_w: 1000 },
  roles: [],
  control_enabled: false,
};

let made = 0;
/** A name that no row of the calling file has yet. */
export function numbered(what: string): string {
  made += 1;
  return `${what}${made}`;
}
