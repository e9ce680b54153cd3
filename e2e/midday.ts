import { connect } from '@/db/client';
import { OWNER_ID } from '@/lib/core/defaults';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { startPostgres } from '@/lib/launcher/postgres';
import { createDatabase } from '@/lib/launcher/postgres-session';
import { updatePreferences } from '@/lib/preferences/mutations';

const DATABASE = 'commandcenter';
/** Enough sun behind it for charts that show a morning. */
const LOCAL_HOUR = 13;

/** Puts the simulated house where it is early afternoon now, before its first start: pictures at night show nothing. */
export async function moveToMidday(dataDir: string): Promise<void> {
  const utcHour = new Date().getUTCHours();
  const offset = ((LOCAL_HOUR - utcHour + 36) % 24) - 12;
  const server = await startPostgres({ dataDir });
  await createDatabase(server.address, DATABASE);
  const url = server.url(DATABASE);
  await setUpDatabase(url);
  const connection = connect(url, { max: 1, applicationName: 'commandcenter-e2e' });
  await updatePreferences(connection.db, {
    ownerId: OWNER_ID,
    actor: 'screenshot',
    // In "Etc" names the sign is turned round: Etc/GMT+8 is eight hours behind.
    patch: { timezone: `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`, location_lon: offset * 15 },
  });
  await connection.end();
  await server.stop();
}
