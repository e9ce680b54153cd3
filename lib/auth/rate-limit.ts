import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError } from '@/lib/errors';

/**
 * Guessing is limited per account and overall, never per client address: behind a proxy or a home router every client
 * has the same one, and an attacker has many. Counts live in the web process: a restart forgets them, and nobody
 * outside can cause one.
 */
const WINDOW_SECONDS = 15 * 60;
const PER_ACCOUNT = 10;
const OVERALL = 100;

interface Limits {
  readonly account: RateLimiterMemory;
  readonly overall: RateLimiterMemory;
}

const holder = globalThis as typeof globalThis & { commandCenterLimits?: Limits };

/** Next bundles actions and routes apart: both must count in the same place. */
function limits(): Limits {
  holder.commandCenterLimits ??= {
    account: new RateLimiterMemory({ points: PER_ACCOUNT, duration: WINDOW_SECONDS }),
    overall: new RateLimiterMemory({ points: OVERALL, duration: WINDOW_SECONDS }),
  };
  return holder.commandCenterLimits;
}

function refusal(msBeforeNext: number): AppError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new AppError('rate_limited', `Too many attempts. Try again in ${Math.ceil(seconds / 60)} min.`, {
    retryAfterSeconds: seconds,
  });
}

async function take(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    throw error instanceof RateLimiterRes ? refusal(error.msBeforeNext) : error;
  }
}

/** Counts an attempt before it is checked, so that many at once cannot slip through. Throws rate_limited. */
export async function countAttempt(account: string): Promise<void> {
  // Looked at before anything is kept for this account: made-up names must not fill the memory.
  const whole = await limits().overall.get('all');
  if (whole !== null && whole.consumedPoints >= OVERALL) throw refusal(whole.msBeforeNext);
  // The account first: one under attack must not use up everybody's share.
  await take(limits().account, account.trim().toLowerCase());
  await take(limits().overall, 'all');
}

/** A success gives back what it and the failures before it took from the account, and its own share of the whole. */
export async function forgiveAttempts(account: string): Promise<void> {
  await limits().account.delete(account.trim().toLowerCase());
  await limits().overall.reward('all');
}

/** For tests: each starts with nothing counted. */
export function resetLimits(): void {
  delete holder.commandCenterLimits;
}
