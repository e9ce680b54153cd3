import { type MigrationReport, migrateDatabase } from '@/db/migrate';
import { SIMULATED_SITE_DEVICES } from '@/lib/drivers/simulated/devices';

/** Brings a database to this version and writes what is missing, a simulated site included. @throws MigrationError */
export async function setUpDatabase(url: string): Promise<MigrationReport> {
  return migrateDatabase(url, { defaultDevices: SIMULATED_SITE_DEVICES });
}
