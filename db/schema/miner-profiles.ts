import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, numeric, snakeCase, text, unique, uuid } from 'drizzle-orm/pg-core';
import { DEFAULT_MINER as defaults } from '@/lib/core/defaults';
import { MINER_OPERATING_MODES } from '@/lib/core/types';
import { createdAt, instant, oneOf, updatedAt, voltage } from './columns';
import { users } from './users';

export const minerProfiles = snakeCase.table(
  'miner_profiles',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    model: text(),
    hashrateThs: numeric({ precision: 6, scale: 2, mode: 'number' }),
    powerDrawWatts: integer().notNull(),
    priorityLevel: integer().notNull().default(defaults.priorityLevel),
    operatingMode: text({ enum: MINER_OPERATING_MODES }).notNull().default(defaults.operatingMode),
    startVoltage: voltage().notNull(),
    stopVoltage: voltage().notNull(),
    emergencyStopVoltage: voltage().notNull(),
    startHysteresisMinutes: integer().notNull().default(defaults.startHysteresisMinutes),
    stopHysteresisMinutes: integer().notNull().default(defaults.stopHysteresisMinutes),
    minimumOnMinutes: integer().notNull().default(defaults.minimumOnMinutes),
    minimumOffMinutes: integer().notNull().default(defaults.minimumOffMinutes),
    requireExcessSolar: boolean().notNull().default(defaults.requireExcessSolar),
    minimumExcessWatts: integer(),
    maximumRuntimeHours: numeric({ precision: 4, scale: 2, mode: 'number' }),
    preferTimeStart: integer(),
    preferTimeEnd: integer(),
    allowOutsideSchedule: boolean().notNull().default(defaults.allowOutsideSchedule),
    requireSunnyWeather: boolean().notNull().default(defaults.requireSunnyWeather),
    minimumSolarProductionWatts: integer(),
    enabled: boolean().notNull().default(defaults.enabled),
    /** An hvac_zones id; no foreign key, because zones name miners too and a circle could not be restored. */
    zoneId: uuid(),
    /** Informative: how the owner switches it. */
    controlMethod: text(),
    /** A devices.key: the only link to the device that switches it. */
    deviceIdentifier: text(),
    lastStartedAt: instant(),
    lastStoppedAt: instant(),
    totalRuntimeHours: numeric({ precision: 10, scale: 2, mode: 'number' }).notNull().default(0),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    unique('miner_profiles_user_id_name_key').on(table.userId, table.name),
    index('idx_miner_profiles_user').on(table.userId),
    index('idx_miner_profiles_priority').on(table.userId, table.priorityLevel, table.enabled),
    check(
      'valid_miner_voltages',
      sql`${table.emergencyStopVoltage} < ${table.stopVoltage} and ${table.stopVoltage} < ${table.startVoltage}`,
    ),
    check('valid_priority', sql`${table.priorityLevel} between 1 and 10`),
    check('valid_power_draw', sql`${table.powerDrawWatts} > 0`),
    check('valid_miner_operating_mode', oneOf('operating_mode', MINER_OPERATING_MODES)),
    check(
      'valid_hours',
      sql`(${table.preferTimeStart} is null or ${table.preferTimeStart} between 0 and 23)
        and (${table.preferTimeEnd} is null or ${table.preferTimeEnd} between 0 and 23)`,
    ),
    check(
      'valid_miner_times',
      sql`${table.startHysteresisMinutes} >= 0 and ${table.stopHysteresisMinutes} >= 0
        and ${table.minimumOnMinutes} >= 0 and ${table.minimumOffMinutes} >= 0`,
    ),
  ],
);

export type MinerProfileRow = typeof minerProfiles.$inferSelect;
