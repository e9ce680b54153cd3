import { z } from 'zod';
import type { SavedCore, SavedLoad, SavedZone } from './live-site';

const real = z.number();

const core = z.object({
  atMs: real,
  countedSoc: real,
  flow: z.object({
    pvW: real,
    gridW: real,
    loadW: real,
    batteryW: real,
    lossesW: real,
    curtailedW: real,
    unservedW: real,
  }),
  site: z.object({
    battery: z.object({
      soc: real,
      fastV: real,
      slowV: real,
      hysteresis: real,
      temperatureC: real,
      currentA: real,
      voltageV: real,
      heatW: real,
    }),
    charger: z.object({
      stage: z.enum(['night', 'bulk', 'absorption', 'float']),
      stageS: real,
      metS: real,
      throttled: z.boolean(),
      blocked: z.boolean().default(false),
    }),
    mains: z.object({ on: z.boolean(), overloadS: real, offS: real, gridCarries: z.boolean() }),
  }),
});
const load = z.object({
  contactMs: real,
  autoOffAtMs: real.nullable().default(null),
  load: z.object({ on: z.boolean(), starts: real, poweredS: real, powerW: real }),
});
const zone = z.object({ atMs: real, zone: z.object({ airC: real, massC: real }) });
const fan = z.object({ speed: z.int().min(0).max(10) });

/** State of an older shape, or none, is no state: the device then begins anew. */
export const savedCore = (state: unknown): SavedCore | null => core.safeParse(state).data ?? null;
export const savedLoad = (state: unknown): SavedLoad | null => load.safeParse(state).data ?? null;
export const savedZone = (state: unknown): SavedZone | null => zone.safeParse(state).data ?? null;
export const savedFanSpeed = (state: unknown): number => fan.safeParse(state).data?.speed ?? 0;
