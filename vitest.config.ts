import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = {
  '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, ''),
  // Throws outside a React server bundle; the tests call request-facing code directly.
  'server-only': fileURLToPath(new URL('./test/empty.ts', import.meta.url)),
};
// Neither UTC nor a whole hour: a forgotten time zone fails.
const env = { TZ: 'Asia/Kathmandu' };

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          name: 'unit',
          env,
          include: ['**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', 'node_modules/**', '.next/**', 'dist/**', 'e2e/**'],
          // A machine that does other work meanwhile is slow, not wrong.
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'db',
          env,
          include: ['**/*.db.test.ts'],
          exclude: ['node_modules/**', '.next/**', 'dist/**'],
          globalSetup: ['test/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
