/**
 * The steps that readings are rounded to before the kernel sees them (data-model: telemetry). Coarser than
 * float4 resolves over any plausible range, so what is read back from a `real` column rounds to the same number.
 */
const STEPS_PER_UNIT = {
  packVoltageV: 1000,
  currentA: 100,
  powerW: 1,
  temperatureC: 10,
  percent: 10,
} as const;
export type Quantity = keyof typeof STEPS_PER_UNIT;

/** `value` to 1 mV, 10 mA, 1 W, 0.1 °C or 0.1 %. Never −0, which JSON cannot keep. */
export function roundTo(quantity: Quantity, value: number): number {
  const steps = STEPS_PER_UNIT[quantity];
  return Math.round(value * steps) / steps + 0;
}
