import { getDatabase } from '@/db/client';
import type { Principal } from '@/lib/auth/principal';
import { stillValid } from '@/lib/auth/validity';
import { log } from '@/lib/log';
import { describeFault } from '@/lib/problem';
import { getStatus } from '@/lib/status/queries';
import { serialiseStatus } from '@/lib/status/serialise';
import { EventHub } from './hub';

const holder = globalThis as typeof globalThis & { commandCenterEvents?: EventHub };

function createHub(): EventHub {
  const { db, sql } = getDatabase();
  const hub = new EventHub({
    listen: (channel, onNotify, onReady) => sql.listen(channel, onNotify, onReady),
    readStatus: async (ownerId) => {
      const status = await getStatus(db, ownerId);
      return status === null ? null : JSON.stringify(serialiseStatus(status));
    },
    stillValid: (viewers) => stillValid(db, viewers),
    onFault: (error) => log.warn({ causes: describeFault(error) }, 'event stream'),
  });
  process.once('SIGTERM', () => hub.close());
  process.once('SIGINT', () => hub.close());
  return hub;
}

/** One client's stream of the events `tick` and `settings`, ended when its session or token is. */
export function openEventStream(principal: Principal): ReadableStream<Uint8Array> {
  holder.commandCenterEvents ??= createHub();
  return holder.commandCenterEvents.open(principal).body;
}
