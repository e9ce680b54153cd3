import { setTimeout as sleep } from 'node:timers/promises';

const PROBE_TIMEOUT_MS = 5_000;

/** True when the web process answers; whether all is well with the site is another question (200 or 503). */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    const body: unknown = await response.json();
    return (
      [200, 503].includes(response.status) && typeof body === 'object' && body !== null && 'status' in body
    );
  } catch {
    return false;
  }
}

export async function waitUntilAnswers(url: string, signal: AbortSignal): Promise<void> {
  while (!(await answers(url))) await sleep(100, undefined, { signal });
}

const WATCH_EVERY_MS = 10_000;
const FAILURES_ALLOWED = 6;

/** Calls `onHung` when the server has not answered for about a minute; returns a function that ends the watch. */
export function watchAnswers(url: string, onHung: () => void, everyMs = WATCH_EVERY_MS): () => void {
  let failures = 0;
  let busy = false;
  const probe = async () => {
    if (busy) return;
    busy = true;
    failures = (await answers(url)) ? 0 : failures + 1;
    busy = false;
    if (failures < FAILURES_ALLOWED) return;
    failures = 0;
    onHung();
  };
  const timer = setInterval(() => void probe(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
