// Started by lib/launcher/postgres.test.ts as a second and third launcher on one data directory.
import { keepEmbeddedDatabase } from '@/lib/launcher/embedded-database';

const dataDir = process.argv[2] ?? '';
try {
  const database = await keepEmbeddedDatabase({
    dataDir,
    onEvent: () => {},
    onMoved: () => {},
    onLost: () => process.exit(2),
  });
  process.once('SIGTERM', () => void database.stop().then(() => process.exit(0)));
  console.log('up');
  setInterval(() => {}, 60_000);
} catch (error) {
  console.log(error instanceof Error ? error.message : error);
  process.exit(1);
}
