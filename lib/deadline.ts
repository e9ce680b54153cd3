import { AppError } from './errors';

/**
 * The work's result, or unavailable once `ms` have passed; the work itself is not stopped, so reads only.
 * While the database is away the driver may hold a query back for long; a client rather hears it.
 */
export async function withinMs<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('unavailable', 'The database does not answer.', { retryAfterSeconds: 5 }));
    }, ms);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
