import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { getDatabase } from '@/db/client';
import { freePort } from '@/lib/launcher/free-port';
import { log } from '@/lib/log';
import { call } from '@/test/api';

beforeAll(async () => {
  log.level = 'silent';
  vi.stubEnv('DATABASE_URL', `postgres://nobody:hunter2@127.0.0.1:${await freePort()}/none`);
});
afterAll(async () => {
  await getDatabase().end();
  delete (globalThis as { commandCenterDatabase?: unknown }).commandCenterDatabase;
  vi.unstubAllEnvs();
});

const routes = readdirSync('app', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('/route.ts') && !file.includes('[[...path]]'));

it.each(routes)('%s answers 503 with Retry-After, soon and without the reason', async (file) => {
  const module = (await import(/* @vite-ignore */ `@/app/${file}`)) as object;
  const startedAt = performance.now();
  await Promise.all(
    ['GET', 'POST', 'PUT', 'DELETE'].map(async (method) => {
      const token = `cc_${'x'.repeat(43)}`;
      const answer = await call(module, method, {
        token,
        body: { email: 'me@example.com', password: 'anything' },
        params: { id: '1' },
      });
      if (answer.status === 405) return;
      expect(answer.status, answer.text).toBe(503);
      expect(answer.text).not.toMatch(/hunter2|127\.0\.0\.1|ECONNREFUSED|nobody/);
      if (file === 'api/health/route.ts') expect(answer.text).toBe('{"status":"not ok"}');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    }),
  );
  expect(performance.now() - startedAt).toBeLessThan(4000);
});
