import { randomUUID } from 'node:crypto';
import { Cycle, type CycleOptions } from './cycle';
import { createDevicePool, type DevicePool, type DevicePoolOptions } from './devices';
import { Ledger } from './ledger/ledger';
import { createPoller, type PollerOptions } from './poll';
import { createSkyWatch } from './sky';

interface WireOptions
  extends Pick<CycleOptions, 'ownerId' | 'tickSeconds' | 'shown' | 'guarded' | 'decide'>,
    Pick<DevicePoolOptions, 'open' | 'openTimeoutMs' | 'log'>,
    Omit<PollerOptions, 'patienceMs'> {
  /** How long a tick waits for devices, to be read and to be switched. */
  readonly patienceMs: number;
  /** 0…1, for jitter. */
  readonly random?: () => number;
}

interface Wired {
  readonly pool: DevicePool;
  readonly ledger: Ledger;
  readonly cycle: Cycle;
}

/** One turn of control with all that it needs, on the given clock: in a house, in its simulated past, in a test. */
export function wireCycle(options: WireOptions): Wired {
  const { ownerId, tickSeconds, shown, guarded, decide } = options;
  const { now, monotonicMs, callTimeoutMs, patienceMs, log } = options;
  const { open, openTimeoutMs, onChange, random = Math.random } = options;
  const poller = createPoller({ now, monotonicMs, callTimeoutMs, patienceMs, onChange });
  const pool = createDevicePool({
    open,
    now,
    monotonicMs,
    openTimeoutMs,
    log,
    onClosed: (key) => poller.forget(key),
  });
  const ledger = new Ledger({
    now,
    monotonicMs,
    random,
    newId: randomUUID,
    callTimeoutMs,
    patienceMs,
    log,
  });
  const cycle = new Cycle({
    ownerId,
    tickSeconds,
    now,
    monotonicMs,
    pool,
    poller,
    sky: createSkyWatch(),
    ledger,
    shown,
    guarded,
    decide,
  });
  return { pool, ledger, cycle };
}
