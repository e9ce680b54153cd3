import { beforeEach, expect, it } from 'vitest';
import { AppError } from '@/lib/errors';
import { countAttempt, forgiveAttempts, resetLimits } from './rate-limit';

beforeEach(resetLimits);

async function attempts(count: number, account: (index: number) => string): Promise<number> {
  const results = await Promise.allSettled(
    Array.from({ length: count }, (_, index) => countAttempt(account(index))),
  );
  return results.filter((result) => result.status === 'fulfilled').length;
}

it('lets ten attempts at an account through, also all at once, and says when to come back', async () => {
  expect(await attempts(50, () => 'Owner@Example.com ')).toBe(10);
  const refusal = await countAttempt('owner@example.com').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(AppError);
  expect(refusal).toMatchObject({ code: 'rate_limited' });
  expect((refusal as AppError).retryAfterSeconds).toBeGreaterThan(800);
});

it('an account under attack leaves the others alone', async () => {
  await attempts(500, () => 'victim@example.com');
  await expect(countAttempt('other@example.com')).resolves.toBeUndefined();
});

it('limits guesses at many accounts as a whole', async () => {
  expect(await attempts(300, (index) => `guess${index}@example.com`)).toBe(100);
});

it('a success forgives the account', async () => {
  await attempts(9, () => 'owner@example.com');
  await forgiveAttempts('OWNER@example.com');
  expect(await attempts(20, () => 'owner@example.com')).toBe(10);
});
