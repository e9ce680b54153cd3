import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import { OWNER_ID, SEED_MINERS, SEED_ZONES } from '@/lib/core/defaults';
import type { MeasuringRole } from '@/lib/core/types';
import { hvacZones, minerProfiles } from './schema';

export interface DefaultDevice {
  readonly key: string;
  readonly name: string;
  readonly driver: string;
  readonly connection: Readonly<Record<string, unknown>>;
  readonly roles: readonly MeasuringRole[];
  readonly controlEnabled: boolean;
}

/** Rows that were missing and have been written, by what they are. */
export interface SeedReport {
  readonly owner: number;
  readonly preferences: number;
  readonly controlState: number;
  readonly miners: number;
  readonly zones: number;
  readonly devices: number;
}

/** `row` under its names in the database. */
function asColumns(
  table: PgTable,
  row: Readonly<Record<string, unknown>>,
): Record<string, postgres.ParameterOrJSON<never>> {
  const columns: Readonly<Record<string, { readonly name: string }>> = getTableColumns(table);
  const entries = Object.entries(row).map(([key, value]) => {
    const column = columns[key];
    if (!column) throw new Error(`${getTableName(table)} has no column for ${key}.`);
    return [column.name, value] as const;
  });
  return Object.fromEntries(entries) as Record<string, postgres.ParameterOrJSON<never>>;
}

/** Whether the owner ever had rows of this kind: what was deleted in the app stays deleted. */
async function hadSettings(tx: postgres.TransactionSql, entity: string): Promise<boolean> {
  const rows =
    await tx`select 1 from settings_versions where user_id = ${OWNER_ID} and entity = ${entity} limit 1`;
  return rows.length > 0;
}

async function seedLoads(tx: postgres.TransactionSql): Promise<{ miners: number; zones: number }> {
  const [rows] = await tx<{ miners: number; zones: number }[]>`
    select (select count(*)::int from miner_profiles where user_id = ${OWNER_ID}) as miners,
           (select count(*)::int from hvac_zones where user_id = ${OWNER_ID}) as zones`;
  const seedMiners = rows?.miners === 0 && !(await hadSettings(tx, 'miner'));
  const seedZones = rows?.zones === 0 && !(await hadSettings(tx, 'zone'));
  if (seedZones) {
    for (const { heatingMinerName: _, ...zone } of SEED_ZONES) {
      await tx`insert into hvac_zones ${tx(asColumns(hvacZones, { ...zone, userId: OWNER_ID }))}`;
    }
  }
  if (seedMiners) {
    for (const { zoneName: _, ...miner } of SEED_MINERS) {
      await tx`insert into miner_profiles ${tx(asColumns(minerProfiles, { ...miner, userId: OWNER_ID }))}`;
    }
  }
  // Links only between rows that were just written: an owner's own are never touched.
  if (seedMiners) {
    for (const miner of SEED_MINERS) {
      await tx`update miner_profiles set zone_id = (select id from hvac_zones where user_id = ${OWNER_ID} and zone_name = ${miner.zoneName})
        where user_id = ${OWNER_ID} and name = ${miner.name}`;
    }
  }
  if (seedZones) {
    for (const zone of SEED_ZONES) {
      await tx`update hvac_zones set heating_miner_id = (select id from miner_profiles where user_id = ${OWNER_ID} and name = ${zone.heatingMinerName})
        where user_id = ${OWNER_ID} and zone_name = ${zone.zoneName}`;
    }
  }
  return { miners: seedMiners ? SEED_MINERS.length : 0, zones: seedZones ? SEED_ZONES.length : 0 };
}

async function seedDevices(tx: postgres.TransactionSql, list: readonly DefaultDevice[]): Promise<number> {
  const present = await tx`select 1 from devices where user_id = ${OWNER_ID} limit 1`;
  if (present.length > 0 || (await hadSettings(tx, 'device'))) return 0;
  for (const device of list) {
    await tx`insert into devices (user_id, key, name, driver, connection, roles, control_enabled)
      values (${OWNER_ID}, ${device.key}, ${device.name}, ${device.driver}, ${tx.json(device.connection as postgres.JSONValue)},
        ${[...device.roles]}, ${device.controlEnabled})`;
  }
  return list.length;
}

/** Writes the defaults that are missing: the owner without a usable password, preferences, the "Solar Shack" loads. */
export async function seed(
  tx: postgres.TransactionSql,
  defaultDevices: readonly DefaultDevice[],
): Promise<SeedReport> {
  const owner =
    await tx`insert into users (id, email) values (${OWNER_ID}, 'owner@commandcenter.local') on conflict (id) do nothing`;
  const preferences =
    await tx`insert into user_preferences (user_id) values (${OWNER_ID}) on conflict (user_id) do nothing`;
  const controlState =
    await tx`insert into control_state (user_id) values (${OWNER_ID}) on conflict (user_id) do nothing`;
  const { miners, zones } = await seedLoads(tx);
  const devices = await seedDevices(tx, defaultDevices);
  return {
    owner: owner.count,
    preferences: preferences.count,
    controlState: controlState.count,
    miners,
    zones,
    devices,
  };
}
