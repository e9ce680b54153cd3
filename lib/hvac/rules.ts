import type { FieldIssue } from '@/lib/errors';
import { type Ordering, orderingIssues } from '@/lib/ordering';

/** Each pair on its own: a null in the middle lets no bad pair through. */
export const ZONE_ORDERINGS: readonly Ordering[] = [
  { lower: 'temp_too_cold', upper: 'temp_cold_ok' },
  { lower: 'temp_cold_ok', upper: 'temp_hot_ok' },
  { lower: 'temp_hot_ok', upper: 'temp_too_hot' },
  { lower: 'temp_too_cold', upper: 'temp_hot_ok' },
  { lower: 'temp_too_cold', upper: 'temp_too_hot' },
  { lower: 'temp_cold_ok', upper: 'temp_too_hot' },
];

/** Charging is permitted again this far above its limit (control.md §5), so heating must not end below it. */
const CHARGE_RELEASE_MARGIN_C = 2;

type Wire = Readonly<Record<string, unknown>>;

function chargeLimitIssues(next: Wire): FieldIssue[] {
  const coldOk = next.temp_cold_ok;
  const limit = next.block_charging_below_temp;
  if (typeof coldOk !== 'number' || typeof limit !== 'number' || coldOk >= limit + CHARGE_RELEASE_MARGIN_C)
    return [];
  return [
    {
      path: 'temp_cold_ok',
      code: 'ordering',
      message:
        `temp_cold_ok (${coldOk} °C) must be at least block_charging_below_temp (${limit} °C) + ${CHARGE_RELEASE_MARGIN_C} °C: ` +
        'heating would end before charging is permitted again.',
      values: { temp_cold_ok: coldOk, block_charging_below_temp: limit },
    },
  ];
}

/** A row that holds it already is not refused for another field. */
function sameDeviceIssues(next: Wire, asked: Wire): FieldIssue[] {
  const { exhaust_fan_device_id: fan, heater_device_id: heater } = next;
  const path = (['heater_device_id', 'exhaust_fan_device_id'] as const).find((name) => name in asked);
  if (path === undefined || typeof fan !== 'string' || fan !== heater) return [];
  return [
    {
      path,
      code: 'same_device',
      message:
        `exhaust_fan_device_id and heater_device_id both name "${fan}": what cools the zone would heat it. ` +
        'Name another device for one of them.',
      values: { exhaust_fan_device_id: fan, heater_device_id: heater },
    },
  ];
}

/** Every rule that `next` breaks, named by both fields and both values; `asked` is what the client sent. */
export function zoneIssues(next: Wire, asked: Wire): FieldIssue[] {
  return [
    ...orderingIssues(next, ZONE_ORDERINGS, { changed: asked, unit: '°C' }),
    ...chargeLimitIssues(next),
    ...sameDeviceIssues(next, asked),
  ];
}
