import { bigint, boolean, date, integer, primaryKey, real, snakeCase, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns';
import { users } from './users';

/** Min, average and max of each quantity, and energies by real elapsed time: a gap is a gap, never stretched. */
const measures = () => ({
  packVoltageMinV: real(),
  packVoltageAvgV: real(),
  packVoltageMaxV: real(),
  currentMinA: real(),
  currentAvgA: real(),
  currentMaxA: real(),
  batteryPowerMinW: real(),
  batteryPowerAvgW: real(),
  batteryPowerMaxW: real(),
  batteryTemperatureMinC: real(),
  batteryTemperatureAvgC: real(),
  batteryTemperatureMaxC: real(),
  voltageSocAvgPct: real(),
  reportedSocAvgPct: real(),
  pvMinW: real(),
  pvAvgW: real(),
  pvMaxW: real(),
  loadMinW: real(),
  loadAvgW: real(),
  loadMaxW: real(),
  gridMinW: real(),
  gridAvgW: real(),
  gridMaxW: real(),
  pvEnergyWh: real(),
  loadEnergyWh: real(),
  batteryInEnergyWh: real(),
  batteryOutEnergyWh: real(),
  importEnergyWh: real(),
  exportEnergyWh: real(),
  /** Seconds of the bucket that samples cover. */
  coveredSeconds: integer().notNull(),
  samples: bigint({ mode: 'number' }).notNull(),
  simulated: boolean().notNull(),
});

const owner = () =>
  uuid()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

export const telemetry1m = snakeCase.table(
  'telemetry_1m',
  { userId: owner(), ts: instant().notNull(), ...measures() },
  (table) => [primaryKey({ columns: [table.userId, table.ts] })],
);

export const telemetry15m = snakeCase.table(
  'telemetry_15m',
  { userId: owner(), ts: instant().notNull(), ...measures() },
  (table) => [primaryKey({ columns: [table.userId, table.ts] })],
);

/** Local days in the owner's zone. */
export const telemetry1d = snakeCase.table(
  'telemetry_1d',
  { userId: owner(), day: date().notNull(), ...measures() },
  (table) => [primaryKey({ columns: [table.userId, table.day] })],
);
