import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const alias = {
  '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, ''),
  // Throws outside a React server bundle; the tests call request-facing code directly.
  'server-only': fileURLToPath(new URL('./test/empty.ts', import.meta.url)),
};
// Neither UTC nor a whole hour: a forgotten time zone fails.
const env = { TZ: 'Asia/Kathmandu' };
const ALWAYS_OUT = ['node_modules/**', '.next/**', 'dist/**', 'e2e/**'];
const DATABASE = ['**/*.db.test.ts'];

const common = {
  env,
  // What a file has loaded serves the next one; each ends what it started.
  isolate: false,
  // Many files wait for processes and devices more than they compute; Vitest's own choice, one less than the cores, runs
  // them one after the other on two cores.
  maxWorkers: Math.max(4, availableParallelism()),
  // A machine that does other work meanwhile is slow, not wrong.
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        test: {
          ...common,
          name: 'unit',
          include: ['**/*.test.{ts,tsx}'],
          exclude: [...ALWAYS_OUT, ...DATABASE],
        },
      },
      {
        resolve: { alias },
        test: {
          ...common,
          name: 'db',
          include: DATABASE,
          exclude: ALWAYS_OUT,
          globalSetup: ['test/global-setup.ts'],
          setupFiles: ['test/next-environment.ts'],
        },
      },
    ],
  },
});
