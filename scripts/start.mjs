// `npm start`: builds when a source changed, then becomes the launcher in this same process.
import { build } from './build.mjs';

try {
  await build({ ifChanged: true });
} catch (error) {
  console.error(`The build failed: ${error.message}`);
  process.exit(1);
}
await import('../dist/launcher.mjs');
