const KEY = 'commandcenter-last-visit';

/** Epoch ms of this browser's last look at the cockpit; null when there was none, or it keeps nothing. */
export function readLastVisit(): number | null {
  try {
    const at = Number(localStorage.getItem(KEY));
    return Number.isFinite(at) && at > 0 ? at : null;
  } catch {
    return null;
  }
}

export function noteVisit(now: number): void {
  try {
    localStorage.setItem(KEY, String(now));
  } catch {
    // A browser that keeps nothing tells of no absence.
  }
}
