import type { Connection } from '@/db/client';
import type { DeviceTestRow } from '@/db/schema';
import {
  beginDeviceTests,
  endDeviceTest,
  failAbandonedTests,
  stillWanted,
} from '@/lib/device-tests/mutations';
import type { DriverLog } from '@/lib/drivers/types';
import type { SiteConfig } from './config';
import { type DeviceTestEnd, type DeviceTestOptions, testDevice } from './device-test';
import type { Errand } from './errands';

export interface DeviceTestErrandOptions
  extends Pick<DeviceTestOptions, 'open' | 'openTimeoutMs' | 'readTimeoutMs'> {
  readonly ownerId: string;
  readonly connectionOf: (row: { readonly connection: Record<string, unknown> }) => unknown;
  readonly now: () => number;
  readonly log: DriverLog;
}

/** Tries the connections that the owner asks to have tried, each on its own, until they end or are cancelled. */
export function createDeviceTestErrand(options: DeviceTestErrandOptions): Errand {
  const running = new Map<string, { readonly stop: AbortController; readonly work: Promise<void> }>();

  const attempt = async (
    row: DeviceTestRow,
    config: SiteConfig,
    signal: AbortSignal,
  ): Promise<DeviceTestEnd> => {
    let connection: unknown;
    try {
      connection = options.connectionOf(row);
    } catch {
      return {
        error: 'The stored password cannot be read with the key of this data directory: enter it again.',
        result: null,
      };
    }
    const { open, openTimeoutMs, readTimeoutMs, now, log } = options;
    return testDevice(
      { driver: row.driver, connection },
      {
        open,
        openTimeoutMs,
        readTimeoutMs,
        signal,
        // A world of its own: nothing that runs is touched.
        context: { now, log, site: config.facts, savedState: null, shared: new Map() },
      },
    );
  };

  const stopAll = async (): Promise<void> => {
    for (const { stop } of running.values()) stop.abort();
    await Promise.all([...running.values()].map(({ work }) => work));
  };

  return {
    takeOver: ({ db }: Connection) => failAbandonedTests(db, options.ownerId),
    async look({ db }, config) {
      const wanted = await stillWanted(db, [...running.keys()]);
      for (const [id, { stop }] of running) if (!wanted.has(id)) stop.abort();
      for (const row of await beginDeviceTests(db, options.ownerId)) {
        const stop = new AbortController();
        const work = attempt(row, config, stop.signal)
          .then((end) => endDeviceTest(db, row.id, end))
          .catch(() => options.log.warn({ test: row.id }, 'a device test could not be stored'))
          .finally(() => running.delete(row.id));
        running.set(row.id, { stop, work });
      }
    },
    stop: stopAll,
  };
}
