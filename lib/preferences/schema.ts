import { z } from 'zod';
import { DISPLAY_UNITS, SAG_COMPENSATION_MODES, SITE_OPERATING_MODES } from '@/lib/core/types';
import { decimalField, voltageField, wattsField } from '@/lib/fields';

function isTimeZone(name: string): boolean {
  // Newer engines take an offset too, which knows no summer time.
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** PST is a place in California to a browser, and eight hours behind all year to the database. */
export const isZoneAbbreviation = (name: string): boolean =>
  /^[a-z]{3}$/i.test(name) && !['UTC', 'GMT'].includes(name.toUpperCase());

const curve = z
  .array(z.strictObject({ soc: decimalField(0, 100, 2), voltage: voltageField() }))
  .min(2)
  .max(100);

/** What PUT /api/preferences takes: any of these, checked against the rest of the stored row. */
export const preferencesPatch = z
  .strictObject({
    voltage_at_0_percent: voltageField(40, 50),
    voltage_at_100_percent: voltageField(50, 60),
    voltage_curve: curve.nullable(),
    battery_chemistry: z.string().trim().min(1).max(40),
    battery_nominal_voltage: voltageField(),
    battery_absolute_min: voltageField(),
    battery_absolute_max: voltageField(),
    user_prefers_soc_display: z.boolean(),
    use_custom_soc_mapping: z.boolean(),
    display_units: z.enum(DISPLAY_UNITS),
    timezone: z
      .string()
      .max(64)
      .refine(isTimeZone, { message: 'must be an IANA time zone, e.g. America/Los_Angeles', abort: true })
      .refine((name) => !isZoneAbbreviation(name), {
        message: 'must name a place, e.g. America/Los_Angeles: an abbreviation stands for several time zones',
      }),
    location_lat: decimalField(-90, 90, 7).nullable(),
    location_lon: decimalField(-180, 180, 7).nullable(),
    max_battery_discharge_watts: wattsField(),
    max_battery_discharge_percent: z.int().min(0).max(100),
    voltage_shutdown: voltageField(),
    voltage_critical_low: voltageField(),
    voltage_low: voltageField(),
    voltage_restart: voltageField(),
    voltage_optimal_min: voltageField(),
    voltage_optimal_max: voltageField(),
    voltage_float: voltageField(),
    voltage_absorption: voltageField(),
    voltage_full: voltageField(),
    operating_mode: z.enum(SITE_OPERATING_MODES),
    grid_import_allowed: z.boolean(),
    battery_capacity_ah: z.int().min(1).max(100_000).nullable(),
    pv_array_watts: wattsField(1).nullable(),
    internal_resistance_mohm: decimalField(0, 1000, 3).nullable(),
    sag_compensation: z.enum(SAG_COMPENSATION_MODES),
    inverter_max_watts: wattsField(1).nullable(),
  })
  .partial();
export type PreferencesPatch = z.infer<typeof preferencesPatch>;
/** All of them, as a form holds them. */
export type PreferencesValues = Required<PreferencesPatch>;
