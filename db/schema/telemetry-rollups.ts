import {
  bigint,
  boolean,
  date,
  integer,
  jsonb,
  primaryKey,
  real,
  snakeCase,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant, updatedAt } from './columns';
import { users } from './users';

/** What a load did in a bucket; a load that was seen off all along is left out. */
export interface RolledLoad {
  /** Seconds seen on or powering up. */
  readonly on: number;
  /** Seconds in which nobody knew. */
  readonly unknown?: number;
  /** Of `on`: seconds with a metered draw, and the energy drawn in them, Wh. */
  readonly metered?: number;
  readonly wh?: number;
  /** Changes seen between two rows without a gap. */
  readonly starts?: number;
  readonly stops?: number;
}

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
  coveredSeconds: real().notNull(),
  samples: bigint({ mode: 'number' }).notNull(),
  /** Seconds in which the quantity behind each energy was known. */
  pvSeconds: real().notNull().default(0),
  loadSeconds: real().notNull().default(0),
  batterySeconds: real().notNull().default(0),
  gridSeconds: real().notNull().default(0),
  /** Seconds in which the bank was full. */
  fullSeconds: real().notNull().default(0),
  /** Seconds in which a full bank held the array back, and what a clear sky would have given beyond what was measured. */
  throttledSeconds: real().notNull().default(0),
  heldBackEnergyWh: real(),
  /** By load id. */
  loads: jsonb().$type<Readonly<Record<string, RolledLoad>>>().notNull().default({}),
  /** Average temperature by zone id, °C. */
  zones: jsonb().$type<Readonly<Record<string, number>>>().notNull().default({}),
  /** In the key, so that modelled and measured never share a row. */
  simulated: boolean().notNull(),
});

const owner = () =>
  uuid()
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

export const telemetry1m = snakeCase.table(
  'telemetry_1m',
  { userId: owner(), ts: instant().notNull(), ...measures() },
  (table) => [primaryKey({ columns: [table.userId, table.ts, table.simulated] })],
);

export const telemetry15m = snakeCase.table(
  'telemetry_15m',
  { userId: owner(), ts: instant().notNull(), ...measures() },
  (table) => [primaryKey({ columns: [table.userId, table.ts, table.simulated] })],
);

/** Local days in the owner's zone. */
export const telemetry1d = snakeCase.table(
  'telemetry_1d',
  { userId: owner(), day: date().notNull(), ...measures() },
  (table) => [primaryKey({ columns: [table.userId, table.day, table.simulated] })],
);

/** How far the roll-ups of an owner have come. */
export const telemetryRollupState = snakeCase.table('telemetry_rollup_state', {
  userId: owner().primaryKey(),
  /** Every row before this moment is in the roll-ups; whoever writes an older one moves it back. Null: roll up all. */
  rolledTo: instant(),
  /** Roll-ups before this moment are final: the rows they came from are gone. */
  finalBefore: instant(),
  /** The zone whose days telemetry_1d holds. */
  dayZone: text(),
  /** From this date on they are still those of the zone before; null: none is. */
  rebuiltTo: date(),
  /** Days before this date stay as they are when the zone changes, their quarters being gone; null: none does. */
  daysStayBefore: date(),
  /** Those days hold what there is before this moment, so no other day counts it. */
  countedBefore: instant(),
});

/** How many days each tier is kept; null = for ever. An owner without a row has the defaults. */
export const telemetryRetention = snakeCase.table('telemetry_retention', {
  userId: owner().primaryKey(),
  rawDays: integer().default(30),
  minuteDays: integer().default(365),
  quarterDays: integer(),
  updatedAt: updatedAt(),
});
