/** Nothing came back in time. The call itself may still be under way. */
export class TimedOut extends Error {
  constructor(readonly afterMs: number) {
    super(`no answer within ${afterMs} ms`);
    this.name = 'TimedOut';
  }
}

/** Settles like `call`, or rejects with TimedOut after `ms`. */
export async function within<T>(ms: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(ms)), ms);
  });
  const work = call();
  // Once nobody waits for it any more, its failure is nobody's surprise.
  work.catch(() => {});
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
