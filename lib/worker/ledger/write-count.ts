/** Far above what the rules ever ask of a load in a day, far below what wears a relay or a flash memory out. */
const DEFAULT_WRITES_PER_DAY = 300;
const DAY_MS = 24 * 60 * 60_000;

/** Keeps what is known of devices under the keys that they have from now on, by the key they had. */
export function followKeys<Known>(known: Map<string, Known>, keys: ReadonlyMap<string, string>): void {
  const before = [...known];
  known.clear();
  for (const [key, value] of before) known.set(keys.get(key) ?? key, value);
}

/** How often each device took a write in the last 24 hours; what it did not hear or refused wears nothing. */
export class WriteCount {
  private readonly stamps = new Map<string, number[]>();

  constructor(private readonly monotonicMs: () => number) {}

  restore(
    writes: readonly { readonly deviceKey: string; readonly at: number; readonly count: number }[],
    now: number,
  ): void {
    this.stamps.clear();
    for (const { deviceKey, at, count } of writes) {
      const ms = this.monotonicMs() - Math.max(0, now - at);
      this.of(deviceKey).push(...Array<number>(count).fill(ms));
    }
    for (const stamps of this.stamps.values()) stamps.sort((a, b) => a - b);
  }

  add(deviceKey: string): void {
    this.of(deviceKey).push(this.monotonicMs());
  }

  followKeys(keys: ReadonlyMap<string, string>): void {
    followKeys(this.stamps, keys);
  }

  limitOf(limit: number | undefined): number {
    return limit ?? DEFAULT_WRITES_PER_DAY;
  }

  isSpent(deviceKey: string, limit: number | undefined): boolean {
    const stamps = this.stamps.get(deviceKey);
    if (!stamps) return false;
    const oldest = this.monotonicMs() - DAY_MS;
    while (stamps[0] !== undefined && stamps[0] <= oldest) stamps.shift();
    return stamps.length >= this.limitOf(limit);
  }

  private of(deviceKey: string): number[] {
    let stamps = this.stamps.get(deviceKey);
    if (!stamps) {
      stamps = [];
      this.stamps.set(deviceKey, stamps);
    }
    return stamps;
  }
}
