import { sql } from 'drizzle-orm';
import { bigint, boolean, index, jsonb, primaryKey, real, snakeCase, text, uuid } from 'drizzle-orm/pg-core';
import { CHARGE_STAGES } from '@/lib/core/types';
import { instant } from './columns';
import { users } from './users';

/** One row per tick, as the kernel saw it. Battery + = charging, grid + = import. */
export const telemetry = snakeCase.table(
  'telemetry',
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    ts: instant().notNull(),
    packVoltageV: real(),
    currentA: real(),
    batteryPowerW: real(),
    batteryTemperatureC: real(),
    reportedSocPct: real(),
    /** From the calibration curve, an estimate. */
    voltageSocPct: real(),
    pvW: real(),
    loadW: real(),
    gridW: real(),
    chargeStage: text({ enum: CHARGE_STAGES }).notNull().default('unknown'),
    loads: jsonb().$type<unknown>().notNull().default({}),
    zones: jsonb().$type<unknown>().notNull().default({}),
    sky: jsonb().$type<unknown>().notNull().default({}),
    ages: jsonb().$type<unknown>().notNull().default({}),
    /** The rest of what the kernel was given: local date and minute, tick length, control mode, poll intervals, overrides. */
    tick: jsonb().$type<unknown>().notNull().default({}),
    /** The kernel's memory before this tick, where it does not follow from the row before: a replay begins here. */
    memory: jsonb().$type<unknown>(),
    simulated: boolean().notNull(),
    configVersion: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.ts] }),
    index('idx_telemetry_ts').using('brin', table.ts).with({ pages_per_range: 32, autosummarize: true }),
    index('idx_telemetry_simulated').on(table.userId).where(sql`${table.simulated}`),
  ],
);

export type TelemetryRow = typeof telemetry.$inferSelect;
