import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DEFAULT_MINER, DEFAULT_PREFERENCES, DEFAULT_ZONE } from '@/lib/core/defaults';
import { INVERTER } from '@/lib/drivers/site-physics/site';
import { createWallClock } from '@/lib/drivers/wall-clock';
import type { FieldIssue } from '@/lib/errors';
import { zoneIssues } from '@/lib/hvac/rules';
import { zoneInput } from '@/lib/hvac/schema';
import { minerIssues } from '@/lib/miners/rules';
import { minerInput } from '@/lib/miners/schema';
import { completePatch, preferencesIssues } from '@/lib/preferences/rules';
import { preferencesPatch } from '@/lib/preferences/schema';
import { defaultPreferences } from '@/lib/preferences/serialise';
import { inputIssues } from '@/lib/validate';
import { toCamelCase } from '@/lib/wire-case';
import { fixedZone } from './fixed-zone';
import { Refusal } from './refusal';
import { type BenchSite, benchSite } from './site';

const MOST_MINERS = 20;
const MOST_ZONES = 10;

const siteFile = z.strictObject({
  name: z.string().trim().min(1).max(80).default('your site'),
  preferences: preferencesPatch.default({}),
  miners: z
    .array(minerInput.extend({ id: z.guid().optional() }))
    .min(1)
    .max(MOST_MINERS),
  zones: z
    .array(zoneInput.extend({ id: z.guid().optional() }))
    .max(MOST_ZONES)
    .default([]),
});
type SiteFile = z.infer<typeof siteFile>;

/**
 * A site from a JSON file: `preferences`, `miners` and `zones` as the REST API takes them, miners and zones with an
 * `id` where one names the other. Every load is taken to have a device. Throws a Refusal that names every field
 * the API would refuse, its value and its limit.
 */
export async function readSite(path: string): Promise<BenchSite> {
  const input = await readJson(path);
  const refused = inputIssues(siteFile, input);
  if (refused.length > 0) throw refusal(path, refused);
  const file = siteFile.parse(input);
  const issues = [...ruleIssues(file), ...linkIssues(file), ...placeIssues(file.preferences)];
  if (issues.length > 0) throw refusal(path, issues);
  return siteOf(file);
}

async function readJson(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new Refusal(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`, {
      cause: error,
    });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(`${path}: is no JSON (${(error as SyntaxError).message})`, { cause: error });
  }
}

function refusal(path: string, issues: readonly FieldIssue[]): Refusal {
  const lines = issues.map(({ path: field, message, values }) => {
    const value = values?.[field.split('.').at(-1) ?? ''];
    const shown =
      value === undefined || message.includes(String(value)) ? '' : `, not ${JSON.stringify(value)}`;
    return `${path}: ${field || 'the file'}: ${message.replace(/\.$/, '')}${shown}`;
  });
  return new Refusal(lines.join('\n'));
}

function ruleIssues({ preferences, miners, zones }: SiteFile): FieldIssue[] {
  const under = (path: string, issues: readonly FieldIssue[]): FieldIssue[] =>
    issues.map((issue) => ({ ...issue, path: `${path}.${issue.path}` }));
  const asked = completePatch(defaultPreferences(), preferences);
  return [
    ...under('preferences', preferencesIssues({ ...defaultPreferences(), ...asked }, asked)),
    ...miners.flatMap((miner, i) => under(`miners.${i}`, minerIssues(miner, miner))),
    ...zones.flatMap((zone, i) => under(`zones.${i}`, zoneIssues(zone, zone))),
  ];
}

/** Names of miners and zones that are there twice or not at all. */
function linkIssues({ miners, zones }: SiteFile): FieldIssue[] {
  const issues: FieldIssue[] = [];
  const refuse = (path: string, message: string): void => {
    issues.push({ path, code: 'link', message });
  };
  for (const [list, entries] of [
    ['miners', miners],
    ['zones', zones],
  ] as const)
    entries.forEach(({ id }, i) => {
      if (id !== undefined && entries.findIndex((other) => other.id === id) < i)
        refuse(`${list}.${i}.id`, `"${id}" is there twice`);
    });
  miners.forEach(({ zone_id: id }, i) => {
    if (id && !zones.some((zone) => zone.id === id))
      refuse(`miners.${i}.zone_id`, `"${id}" is the id of no zone in this file`);
  });
  zones.forEach(({ heating_miner_id: id }, i) => {
    if (id && !miners.some((miner) => miner.id === id))
      refuse(`zones.${i}.heating_miner_id`, `"${id}" is the id of no miner in this file`);
  });
  return issues;
}

const HOUR_MS = 3_600_000;
const DEG_PER_HOUR = 15;
/** By the clock the sun is highest this far from noon at most, h (Kashgar: three). */
const FARTHEST_NOON_H = 3.5;

interface Place {
  readonly timeZone: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
}

/** Of time zone and longitude one follows from the other where the file has only one. */
function placeOf({ timezone, location_lat: lat, location_lon: lon }: SiteFile['preferences']): Place {
  const latitudeDeg = lat ?? DEFAULT_PREFERENCES.locationLat;
  if (timezone !== undefined)
    return { timeZone: timezone, latitudeDeg, longitudeDeg: lon ?? DEG_PER_HOUR * winterHours(timezone) };
  return typeof lon === 'number'
    ? { timeZone: fixedZone(Math.round(lon / DEG_PER_HOUR)), latitudeDeg, longitudeDeg: lon }
    : {
        timeZone: DEFAULT_PREFERENCES.timezone,
        latitudeDeg,
        longitudeDeg: DEFAULT_PREFERENCES.locationLon,
      };
}

function placeIssues(preferences: SiteFile['preferences']): FieldIssue[] {
  const { timeZone, longitudeDeg } = placeOf(preferences);
  const afterNoonH = winterHours(timeZone) - longitudeDeg / DEG_PER_HOUR;
  if (Math.abs(afterNoonH) <= FARTHEST_NOON_H || Math.abs(afterNoonH) >= 24 - FARTHEST_NOON_H) return [];
  return [
    {
      path: 'preferences.location_lon',
      code: 'place',
      message:
        `${longitudeDeg}° and timezone ${timeZone} do not belong together: the sun would be highest ` +
        `${Math.abs(afterNoonH).toFixed(1)} h ${afterNoonH < 0 ? 'before' : 'after'} noon, at most ${FARTHEST_NOON_H} h are possible`,
    },
  ];
}

/** UTC offset outside of summer time, h. */
function winterHours(timeZone: string): number {
  const clock = createWallClock(timeZone);
  return Math.min(...[0, 6].map((month) => clock.offsetMs(Date.UTC(2025, month, 1)) / HOUR_MS));
}

function siteOf({ name, preferences, miners, zones }: SiteFile): BenchSite {
  const wanted = completePatch(defaultPreferences(), preferences);
  const inverterMaxWatts = wanted.inverter_max_watts ?? INVERTER.maxAcW;
  return benchSite({
    name,
    // The house has an inverter, and its owner knows which.
    preferences: { ...DEFAULT_PREFERENCES, ...toCamelCase(wanted), inverterMaxWatts },
    miners: miners.map((miner, i) => ({
      ...DEFAULT_MINER,
      ...toCamelCase(miner),
      id: miner.id ?? `miner-${i + 1}`,
      deviceIdentifier: miner.device_identifier ?? miner.name,
    })),
    zones: zones.map((zone, i) => ({
      ...DEFAULT_ZONE,
      ...toCamelCase(zone),
      id: zone.id ?? `zone-${i + 1}`,
      exhaustFanDeviceId: zone.exhaust_fan_device_id ?? `fan-${i + 1}`,
      heaterDeviceId: zone.heater_device_id ?? (zone.heater_power_watts ? `heater-${i + 1}` : null),
      temperatureSensorId: zone.temperature_sensor_id ?? `thermometer-${i + 1}`,
    })),
    ...placeOf(preferences),
  });
}
