/** One thing that a device under test measured. */
export interface TestReading {
  /** "Battery voltage". */
  readonly name: string;
  /** Null: it answered, but has no value. */
  readonly value: number | string | null;
  /** "V", "A", "W", "°C", "%"; "" for a word or a step. */
  readonly unit: string;
}

export interface DeviceTestResult {
  readonly readings: readonly TestReading[];
  /** What failed although the device answers, in words. */
  readonly problems: readonly string[];
  /** What it can be told to do. */
  readonly controls: readonly ('switch' | 'fan' | 'charge permission')[];
  readonly tookMs: number;
}
