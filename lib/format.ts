import type { DisplayUnits } from '@/lib/core/types';

/** The only place that turns numbers and instants into text. Null is "unknown", never zero and never a dash. */

export const UNKNOWN = 'unknown';
const MINUS = '−';

/** Sign, then the digits that are left after rounding: −0.004 with two digits is "0.00". */
function fixed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? MINUS + text : text;
}

export function formatVoltage(volts: number | null, digits = 2): string {
  return volts === null ? UNKNOWN : `${fixed(volts, digits)} V`;
}

export function formatCurrent(amperes: number | null): string {
  return amperes === null ? UNKNOWN : `${fixed(amperes, 1)} A`;
}

/** Watts below 1 kW, else kW with two digits: what differs stays visible at any size. */
export function formatPower(watts: number | null): string {
  if (watts === null) return UNKNOWN;
  return Math.abs(watts) < 999.5 ? `${fixed(watts, 0)} W` : `${fixed(watts / 1000, 2)} kW`;
}

export function formatEnergy(wattHours: number | null): string {
  if (wattHours === null) return UNKNOWN;
  return Math.abs(wattHours) < 999.5 ? `${fixed(wattHours, 0)} Wh` : `${fixed(wattHours / 1000, 1)} kWh`;
}

export function formatPercent(percent: number | null): string {
  return percent === null ? UNKNOWN : `${fixed(percent, 0)} %`;
}

/** "1 start", "3 starts". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A setting with its unit, as many digits as it has: "47 V", "54.5 V", "5000 W". */
export function formatQuantity(value: number | null, unit: string): string {
  return value === null ? UNKNOWN : `${String(value).replace('-', MINUS)} ${unit}`;
}

export const temperatureUnit = (units: DisplayUnits) => (units === 'imperial' ? '°F' : '°C');

/**
 * From °C to the owner's degrees, one decimal, and back. A tenth of a °C is more than that of a °F: whole and half
 * degrees come back as they were given, 69 °F (20.6 °C) not as 69.1.
 */
export function toOwnersDegrees(celsius: number, units: DisplayUnits): number {
  if (units === 'metric') return celsius;
  const degrees = celsius * 1.8 + 32;
  const round = [Math.round(degrees), Math.round(degrees * 2) / 2].find(
    (candidate) => fromOwnersDegrees(candidate, units) === celsius,
  );
  return round ?? Math.round(degrees * 10) / 10;
}
export const fromOwnersDegrees = (degrees: number, units: DisplayUnits) =>
  units === 'imperial' ? Math.round(((degrees - 32) * 50) / 9) / 10 : degrees;

/** From °C to what the owner reads. */
export function formatTemperature(celsius: number | null, units: DisplayUnits): string {
  if (celsius === null) return UNKNOWN;
  return `${fixed(toOwnersDegrees(celsius, units), 1)} ${temperatureUnit(units)}`;
}

/** A temperature, or a difference: after "+" as in "20 °C + 2 °C", or before "in the zone" as a flip names it. */
const CELSIUS = /(\+ ?)?([−-]?)(\d+(?:\.\d+)?) °C( in the zone)?/g;

/** A sentence with its temperatures in the owner's degrees. */
export function inOwnersDegrees(text: string, units: DisplayUnits): string {
  if (units === 'metric') return text;
  return text.replace(CELSIUS, (_all, plus = '', minus = '', digits: string, zone = '') => {
    const value = Number(digits);
    return plus !== '' || zone !== ''
      ? `${plus}${minus}${fixed(value * 1.8, 1)} °F${zone}`
      : formatTemperature(minus === '' ? value : -value, units);
  });
}

/** A number's last digit and the space before its unit, as the control writes them. */
const BEFORE_UNIT = /(\d) (?=(?:k?Wh?|[VA]|°[CF]|%|min|[sh])(?!\w))/g;

/** A sentence whose lines never end between a number and its unit. */
export function withWholeQuantities(text: string): string {
  return text.replace(BEFORE_UNIT, '$1\u00a0');
}

const MINUTE_S = 60;
const HOUR_S = 3600;
const DAY_S = 86_400;

/** How long ago, in one unit: "4 s", "12 min", "3 h", "2 d". */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 2 * MINUTE_S) return `${seconds} s`;
  if (seconds < 2 * HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min`;
  if (seconds < 2 * DAY_S) return `${Math.floor(seconds / HOUR_S)} h`;
  return `${Math.floor(seconds / DAY_S)} d`;
}

/** How long something went on: "42 min", "5.3 h". */
export function formatHours(seconds: number | null): string {
  if (seconds === null) return UNKNOWN;
  return seconds < 2 * HOUR_S ? `${fixed(seconds / MINUTE_S, 0)} min` : `${fixed(seconds / HOUR_S, 1)} h`;
}

/** "4.7 MB", in powers of ten as disks are sold. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return UNKNOWN;
  if (bytes < 1e6) return `${fixed(bytes / 1e3, 0)} kB`;
  return bytes < 1e9 ? `${fixed(bytes / 1e6, 1)} MB` : `${fixed(bytes / 1e9, 1)} GB`;
}

/** Of kilowatt-hours: one digit, "unknown" for what nobody measured. */
export function formatKwh(kilowattHours: number | null): string {
  return kilowattHours === null ? UNKNOWN : `${fixed(kilowattHours, 1)} kWh`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The parts of an instant on the clock of a time zone; read part by part, because whole texts differ between runtimes. */
function localParts(at: number, timeZone: string): Record<string, string> {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(timeZone, formatter);
  }
  return Object.fromEntries(formatter.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** "12:03" on the owner's clock. */
export function formatTime(at: number, timeZone: string): string {
  const { hour, minute } = localParts(at, timeZone);
  return `${hour}:${minute}`;
}

/** "Mon 23" on the owner's calendar. */
export function formatDay(at: number, timeZone: string): string {
  const { weekday, day } = localParts(at, timeZone);
  return `${weekday} ${day}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "Nov 2026" on the owner's calendar. */
export function formatMonth(at: number, timeZone: string): string {
  const { year, month } = localParts(at, timeZone);
  return `${MONTHS[Number(month) - 1]} ${year}`;
}

/** "Mon 23 Nov 2026" of a local date YYYY-MM-DD. */
export function formatDate(date: string): string {
  const at = Date.parse(`${date}T12:00:00Z`);
  return `${formatDay(at, 'UTC')} ${formatMonth(at, 'UTC')}`;
}

/** The time alone on the same local day as `now`, else with its day: "12:03", "Sun 22, 12:03", "2026-05-01, 12:03". */
export function formatMoment(at: number, now: number, timeZone: string): string {
  const then = localParts(at, timeZone);
  const today = localParts(now, timeZone);
  const time = `${then.hour}:${then.minute}`;
  if (then.year === today.year && then.month === today.month && then.day === today.day) return time;
  // Within four weeks a day of the month is one day only.
  const isRecent = Math.abs(now - at) < 28 * DAY_S * 1000;
  return isRecent
    ? `${then.weekday} ${then.day}, ${time}`
    : `${then.year}-${then.month}-${then.day}, ${time}`;
}

/** Minute of the local day, 0–1439. */
export function localMinuteOf(at: number, timeZone: string): number {
  const { hour, minute } = localParts(at, timeZone);
  return Number(hour) * MINUTE_S + Number(minute);
}
