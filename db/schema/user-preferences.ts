import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, numeric, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { DEFAULT_PREFERENCES as defaults } from '@/lib/core/defaults';
import {
  type CurvePoint,
  DISPLAY_UNITS,
  SAG_COMPENSATION_MODES,
  SITE_OPERATING_MODES,
} from '@/lib/core/types';
import { createdAt, oneOf, updatedAt, voltage } from './columns';
import { users } from './users';

const coordinate = () => numeric({ precision: 10, scale: 7, mode: 'number' });

export const userPreferences = snakeCase.table(
  'user_preferences',
  {
    id: uuid().primaryKey().defaultRandom(),
    userId: uuid()
      .notNull()
      .unique('user_preferences_user_id_key')
      .references(() => users.id, { onDelete: 'cascade' }),
    voltageAt0Percent: voltage('voltage_at_0_percent').notNull().default(defaults.voltageAt0Percent),
    voltageAt100Percent: voltage('voltage_at_100_percent').notNull().default(defaults.voltageAt100Percent),
    voltageCurve: jsonb()
      .$type<CurvePoint[]>()
      .default([...defaults.voltageCurve]),
    batteryChemistry: text().notNull().default(defaults.batteryChemistry),
    batteryNominalVoltage: voltage().notNull().default(defaults.batteryNominalVoltage),
    batteryAbsoluteMin: voltage().notNull().default(defaults.batteryAbsoluteMin),
    batteryAbsoluteMax: voltage().notNull().default(defaults.batteryAbsoluteMax),
    userPrefersSocDisplay: boolean().notNull().default(defaults.userPrefersSocDisplay),
    useCustomSocMapping: boolean().notNull().default(defaults.useCustomSocMapping),
    displayUnits: text({ enum: DISPLAY_UNITS }).notNull().default(defaults.displayUnits),
    timezone: text().notNull().default(defaults.timezone),
    locationLat: coordinate().default(defaults.locationLat),
    locationLon: coordinate().default(defaults.locationLon),
    maxBatteryDischargeWatts: integer().notNull().default(defaults.maxBatteryDischargeWatts),
    maxBatteryDischargePercent: integer().notNull().default(defaults.maxBatteryDischargePercent),
    voltageShutdown: voltage().notNull().default(defaults.voltageShutdown),
    voltageCriticalLow: voltage().notNull().default(defaults.voltageCriticalLow),
    voltageLow: voltage().notNull().default(defaults.voltageLow),
    voltageRestart: voltage().notNull().default(defaults.voltageRestart),
    voltageOptimalMin: voltage().notNull().default(defaults.voltageOptimalMin),
    voltageOptimalMax: voltage().notNull().default(defaults.voltageOptimalMax),
    voltageFloat: voltage().notNull().default(defaults.voltageFloat),
    voltageAbsorption: voltage().notNull().default(defaults.voltageAbsorption),
    voltageFull: voltage().notNull().default(defaults.voltageFull),
    operatingMode: text({ enum: SITE_OPERATING_MODES }).notNull().default(defaults.operatingMode),
    gridImportAllowed: boolean().notNull().default(defaults.gridImportAllowed),
    batteryCapacityAh: integer().default(defaults.batteryCapacityAh),
    pvArrayWatts: integer().default(defaults.pvArrayWatts),
    internalResistanceMohm: numeric({ precision: 7, scale: 3, mode: 'number' }),
    sagCompensation: text({ enum: SAG_COMPENSATION_MODES }).notNull().default(defaults.sagCompensation),
    inverterMaxWatts: integer(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (table) => [
    index('idx_user_preferences_user').on(table.userId),
    check('valid_voltage_calibration', sql`${table.voltageAt0Percent} < ${table.voltageAt100Percent}`),
    check(
      'valid_voltage_ranges',
      sql`${table.batteryAbsoluteMin} <= ${table.voltageShutdown}
        and ${table.voltageShutdown} < ${table.voltageCriticalLow}
        and ${table.voltageCriticalLow} <= ${table.voltageLow}
        and ${table.voltageLow} < ${table.voltageRestart}
        and ${table.voltageRestart} <= ${table.voltageOptimalMin}
        and ${table.voltageOptimalMin} < ${table.voltageOptimalMax}
        and ${table.voltageOptimalMax} <= ${table.voltageFloat}
        and ${table.voltageFloat} < ${table.voltageAbsorption}
        and ${table.voltageAbsorption} <= ${table.voltageFull}
        and ${table.voltageFull} <= ${table.batteryAbsoluteMax}`,
    ),
    check('valid_display_units', oneOf('display_units', DISPLAY_UNITS)),
    check('valid_operating_mode', oneOf('operating_mode', SITE_OPERATING_MODES)),
    check('valid_sag_compensation', oneOf('sag_compensation', SAG_COMPENSATION_MODES)),
    check(
      'valid_discharge',
      sql`${table.maxBatteryDischargeWatts} >= 0 and ${table.maxBatteryDischargePercent} between 0 and 100`,
    ),
  ],
);

export type UserPreferences = typeof userPreferences.$inferSelect;
