import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, snakeCase, text, unique, uuid } from 'drizzle-orm/pg-core';
import { DEFAULT_ZONE as defaults } from '@/lib/core/defaults';
import { HEATING_SOURCES } from '@/lib/core/types';
import { createdAt, oneOf, temperature, updatedAt } from './columns';
import { users } from './users';

export const hvacZones = snakeCase.table(
  'hvac_zones',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    zoneName: text().notNull(),
    zoneType: text().notNull().default('equipment'),
    tempTooHot: temperature(),
    tempHotOk: temperature(),
    tempTooCold: temperature(),
    tempColdOk: temperature(),
    exhaustFanEnabled: boolean().notNull().default(defaults.exhaustFanEnabled),
    /** A devices.key, like heaterDeviceId and temperatureSensorId. */
    exhaustFanDeviceId: text(),
    exhaustFanSpeedAuto: boolean().notNull().default(defaults.exhaustFanSpeedAuto),
    exhaustFanMaxSpeed: integer().notNull().default(defaults.exhaustFanMaxSpeed),
    heatingEnabled: boolean().notNull().default(defaults.heatingEnabled),
    heatingPriority1: text('heating_priority_1', { enum: HEATING_SOURCES })
      .notNull()
      .default(defaults.heatingPriority1),
    heatingPriority2: text('heating_priority_2', { enum: HEATING_SOURCES })
      .notNull()
      .default(defaults.heatingPriority2),
    /** A miner_profiles id; no foreign key, see miner_profiles.zone_id. */
    heatingMinerId: uuid(),
    heaterDeviceId: text(),
    heaterPowerWatts: integer(),
    onlyHeatWhenSolar: boolean().notNull().default(defaults.onlyHeatWhenSolar),
    minimumSolarForHeatingWatts: integer(),
    blockChargingBelowTemp: temperature(),
    enabled: boolean().notNull().default(defaults.enabled),
    temperatureSensorId: text(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    unique('hvac_zones_user_id_zone_name_key').on(table.userId, table.zoneName),
    index('idx_hvac_zones_user').on(table.userId),
    // A comparison with null is null, which a check lets through: each pair on its own, so that a null hides no bad pair.
    check(
      'valid_zone_temperatures',
      sql`(${table.tempTooCold} < ${table.tempColdOk}) is not false
        and (${table.tempTooCold} < ${table.tempHotOk}) is not false
        and (${table.tempTooCold} < ${table.tempTooHot}) is not false
        and (${table.tempColdOk} < ${table.tempHotOk}) is not false
        and (${table.tempColdOk} < ${table.tempTooHot}) is not false
        and (${table.tempHotOk} < ${table.tempTooHot}) is not false`,
    ),
    check('valid_fan_speed', sql`${table.exhaustFanMaxSpeed} between 1 and 10`),
    check('valid_heater_power', sql`${table.heaterPowerWatts} > 0`),
    check('valid_heating_priority_1', oneOf('heating_priority_1', HEATING_SOURCES)),
    check('valid_heating_priority_2', oneOf('heating_priority_2', HEATING_SOURCES)),
  ],
);

export type HvacZoneRow = typeof hvacZones.$inferSelect;
