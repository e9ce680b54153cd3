import { z } from 'zod';
import { MINER_OPERATING_MODES } from '@/lib/core/types';
import { decimalField, deviceLinkField, nameField, voltageField, wattsField } from '@/lib/fields';

const minutes = z.int().min(0).max(1440);
const hour = z.int().min(0).max(23);

const required = {
  name: nameField(),
  power_draw_watts: wattsField(1),
  start_voltage: voltageField(),
  stop_voltage: voltageField(),
  emergency_stop_voltage: voltageField(),
};

const optional = {
  model: z.string().trim().max(120).nullable(),
  hashrate_ths: decimalField(0, 9999.99, 2).nullable(),
  priority_level: z.int().min(1).max(10),
  operating_mode: z.enum(MINER_OPERATING_MODES),
  start_hysteresis_minutes: minutes,
  stop_hysteresis_minutes: minutes,
  minimum_on_minutes: minutes,
  minimum_off_minutes: minutes,
  require_excess_solar: z.boolean(),
  minimum_excess_watts: wattsField().nullable(),
  maximum_runtime_hours: decimalField(0, 24, 2).nullable(),
  prefer_time_start: hour.nullable(),
  prefer_time_end: hour.nullable(),
  allow_outside_schedule: z.boolean(),
  require_sunny_weather: z.boolean(),
  minimum_solar_production_watts: wattsField().nullable(),
  enabled: z.boolean(),
  zone_id: z.guid().nullable(),
  control_method: z.string().trim().max(60).nullable(),
  device_identifier: deviceLinkField().nullable(),
};

/** What POST /api/miners takes; what is left out gets the column's default. */
export const minerInput = z.strictObject({ ...required, ...z.strictObject(optional).partial().shape });
export type MinerInput = z.infer<typeof minerInput>;

/** What PUT /api/miners/{id} takes: any of it, checked against the stored row. */
export const minerPatch = z.strictObject({ ...required, ...optional }).partial();
export type MinerPatch = z.infer<typeof minerPatch>;

/** A miner under edit, by wire name. */
export type MinerValues = Required<MinerPatch>;

/** What the page adds a miner by: the rest is set before it is enabled. */
export const newMiner = z.strictObject({
  name: nameField(),
  power_draw_watts: wattsField(1),
});

/** What PUT /api/miners/order takes: every id of the owner, first served first. */
export const minerOrder = z.strictObject({ ids: z.array(z.guid()).min(1).max(500) });
