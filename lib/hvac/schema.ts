import { z } from 'zod';
import { HEATING_SOURCES } from '@/lib/core/types';
import { deviceLinkField, nameField, temperatureField, wattsField } from '@/lib/fields';

const required = { zone_name: nameField() };

const optional = {
  zone_type: z.string().trim().min(1).max(60),
  temp_too_hot: temperatureField().nullable(),
  temp_hot_ok: temperatureField().nullable(),
  temp_too_cold: temperatureField().nullable(),
  temp_cold_ok: temperatureField().nullable(),
  exhaust_fan_enabled: z.boolean(),
  exhaust_fan_device_id: deviceLinkField().nullable(),
  exhaust_fan_speed_auto: z.boolean(),
  exhaust_fan_max_speed: z.int().min(1).max(10),
  heating_enabled: z.boolean(),
  heating_priority_1: z.enum(HEATING_SOURCES),
  heating_priority_2: z.enum(HEATING_SOURCES),
  heating_miner_id: z.guid().nullable(),
  heater_device_id: deviceLinkField().nullable(),
  heater_power_watts: wattsField(1).nullable(),
  only_heat_when_solar: z.boolean(),
  minimum_solar_for_heating_watts: wattsField().nullable(),
  block_charging_below_temp: temperatureField().nullable(),
  enabled: z.boolean(),
  temperature_sensor_id: deviceLinkField().nullable(),
};

/** What POST /api/hvac/zones takes; what is left out gets the column's default. */
export const zoneInput = z.strictObject({ ...required, ...z.strictObject(optional).partial().shape });
export type ZoneInput = z.infer<typeof zoneInput>;

/** What PUT /api/hvac/zones/{id} takes: any of it, checked against the stored row. */
export const zonePatch = z.strictObject({ ...required, ...optional }).partial();
export type ZonePatch = z.infer<typeof zonePatch>;

/** A zone under edit, by wire name. */
export type ZoneValues = Required<ZonePatch>;

/** What the page adds a zone by. */
export const newZone = z.strictObject({ zone_name: nameField() });
