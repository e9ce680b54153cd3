import type { Database, Executor } from '@/db/client';
import { createDevice, deleteDevice, updateDevice } from '@/lib/devices/mutations';
import { deviceInput, devicePatch } from '@/lib/devices/schema';
import { DRIVER_CATALOG } from '@/lib/drivers/catalog';
import { AppError, type FieldIssue } from '@/lib/errors';
import { createZone, deleteZone, updateZone } from '@/lib/hvac/mutations';
import { zoneInput, zonePatch } from '@/lib/hvac/schema';
import { createMiner, deleteMiner, updateMiner } from '@/lib/miners/mutations';
import { minerInput, minerPatch } from '@/lib/miners/schema';
import { updatePreferences } from '@/lib/preferences/mutations';
import { setRetention } from '@/lib/retention/mutations';
import { type Author, changeSettings, type Edit } from '@/lib/settings-versions/change';
import { requireMatch } from '@/lib/settings-versions/guard';
import { type FieldChange, fieldChanges, type SectionDiff, sectionDiff } from './diff';
import { readConfiguration, type StoredConfiguration } from './queries';
import type { ConfigurationFile } from './schema';
import { configurationVersion } from './serialise';

/** What an import changes; entries by name. */
export interface ConfigurationDiff {
  readonly preferences: readonly FieldChange[];
  readonly retention: readonly FieldChange[];
  readonly zones: SectionDiff;
  readonly miners: SectionDiff;
  readonly devices: SectionDiff;
}

/** Undoes a preview's transaction. */
class Preview extends Error {}

type Wire = Readonly<Record<string, unknown>>;

function compare(stored: StoredConfiguration, file: ConfigurationFile): ConfigurationDiff {
  return {
    preferences: fieldChanges(stored.preferences, file.preferences ?? {}),
    retention: fieldChanges(stored.retention, file.retention ?? {}),
    zones: sectionDiff('zone_name', stored.zones, file.zones),
    miners: sectionDiff('name', stored.miners, file.miners),
    devices: sectionDiff('key', stored.devices, file.devices?.map(withoutSecrets)),
  };
}

/** A password that somebody wrote into the file by hand is taken, and shown to nobody. */
function withoutSecrets(device: NonNullable<ConfigurationFile['devices']>[number]): Wire {
  if (device.connection === undefined) return device;
  const { secretFields } = DRIVER_CATALOG[device.driver];
  const shown = Object.entries(device.connection).map(([name, value]) =>
    secretFields.includes(name) ? [name, '(hidden)'] : [name, value],
  );
  return { ...device, connection: Object.fromEntries(shown) };
}

/**
 * Makes the configuration what the file says, in one transaction, each change recorded as if it had been made by hand;
 * with `preview` it does so and takes it back. What a section does not name is removed.
 * @throws AppError invalid with every entry that is refused, stale.
 */
export async function importConfiguration(
  db: Database,
  change: Edit & { readonly file: ConfigurationFile; readonly preview?: boolean },
): Promise<{ readonly diff: ConfigurationDiff; readonly before: Wire }> {
  const { ownerId, file, preview = false } = change;
  let done: { diff: ConfigurationDiff; before: Wire } | null = null;
  try {
    await changeSettings(db, async (tx) => {
      const stored = await readConfiguration(tx, ownerId);
      const before = configurationVersion(stored);
      requireMatch(before, change.ifMatch);
      done = { diff: compare(stored, file), before };
      await new Import(tx, change, stored, done.diff).run(file);
      if (preview) throw new Preview();
    });
  } catch (error) {
    if (!(error instanceof Preview)) throw error;
  }
  if (done === null) throw new Error('An import ended without a result.');
  return done;
}

/** One import under way: each entry by the same mutation, and so under the same rules, as a change by hand. */
class Import {
  private readonly issues: FieldIssue[] = [];
  private readonly author: Author;
  private readonly zoneIds: Map<string, string>;
  private readonly minerIds: Map<string, string>;

  constructor(
    private readonly tx: Executor,
    { ownerId, actor }: Author,
    private readonly stored: StoredConfiguration,
    private readonly diff: ConfigurationDiff,
  ) {
    this.author = { ownerId, actor };
    this.zoneIds = new Map(stored.ids.zones);
    this.minerIds = new Map(stored.ids.miners);
  }

  async run(file: ConfigurationFile): Promise<void> {
    if (this.diff.preferences.length > 0) {
      const patch = fieldsOf(this.diff.preferences);
      await this.attempt('preferences', () => updatePreferences(this.tx, { ...this.author, patch }));
    }
    if (this.diff.retention.length > 0) {
      const patch = fieldsOf(this.diff.retention);
      await this.attempt('retention', () => setRetention(this.tx, { ...this.author, patch }));
    }
    for (const [i, device] of (file.devices ?? []).entries()) await this.device(`devices.${i}`, device);
    for (const [i, zone] of (file.zones ?? []).entries()) await this.zone(`zones.${i}`, zone);
    for (const [i, miner] of (file.miners ?? []).entries()) await this.miner(`miners.${i}`, miner);
    for (const [i, zone] of (file.zones ?? []).entries()) await this.heating(`zones.${i}`, zone);
    // Last: by now nothing that stays refers to them.
    await this.remove();
    if (this.issues.length === 0) return;
    const message = this.issues.slice(0, 5).map(({ path, message: text }) => `${path}: ${text}`);
    throw new AppError('invalid', message.join(' '), { issues: this.issues });
  }

  /** A refusal is noted under its place in the file, and the rest is looked at all the same. */
  private async attempt<T>(path: string, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const issues =
        error.issues.length > 0 ? error.issues : [{ path: '', code: error.code, message: error.message }];
      for (const issue of issues)
        this.issues.push({ ...issue, path: [path, issue.path].filter(Boolean).join('.') });
      return null;
    }
  }

  private changed(
    section: keyof Omit<ConfigurationDiff, 'preferences' | 'retention'>,
    name: string,
  ): Wire | null {
    const entry = this.diff[section].changed.find((candidate) => candidate.name === name);
    return entry ? fieldsOf(entry.fields) : null;
  }

  private async device(
    path: string,
    entry: NonNullable<ConfigurationFile['devices']>[number],
  ): Promise<void> {
    const { tx, author } = this;
    const id = this.stored.ids.devices.get(entry.key);
    if (id === undefined) {
      await this.attempt(path, () => createDevice(tx, { ...author, input: deviceInput.parse(entry) }));
      return;
    }
    const fields = this.changed('devices', entry.key);
    if (fields === null) return;
    const connection = Object.hasOwn(fields, 'connection') ? { connection: entry.connection } : {};
    const patch = devicePatch.parse({ ...fields, ...connection });
    await this.attempt(path, () => updateDevice(tx, { ...author, id, patch }));
  }

  private async zone(path: string, entry: NonNullable<ConfigurationFile['zones']>[number]): Promise<void> {
    const { tx, author } = this;
    const id = this.zoneIds.get(entry.zone_name);
    const { heating_miner: _later, ...input } = entry;
    if (id === undefined) {
      const row = await this.attempt(path, () =>
        createZone(tx, { ...author, input: zoneInput.parse(input) }),
      );
      if (row) this.zoneIds.set(entry.zone_name, row.id);
      return;
    }
    const { heating_miner: _miner, ...fields } = this.changed('zones', entry.zone_name) ?? {};
    if (Object.keys(fields).length > 0)
      await this.attempt(path, () => updateZone(tx, { ...author, id, patch: zonePatch.parse(fields) }));
  }

  private async miner(path: string, entry: NonNullable<ConfigurationFile['miners']>[number]): Promise<void> {
    const { tx, author } = this;
    const id = this.minerIds.get(entry.name);
    if (id === undefined) {
      const { zone, ...input } = entry;
      const zoneId = this.idOf(`${path}.zone`, zone, 'zone', this.zoneIds);
      const row = await this.attempt(path, () =>
        createMiner(tx, { ...author, input: minerInput.parse({ ...input, zone_id: zoneId }) }),
      );
      if (row) this.minerIds.set(entry.name, row.id);
      return;
    }
    const changed = this.changed('miners', entry.name);
    const isTornOff = this.diff.zones.removed.includes(entry.zone ?? '');
    if (changed === null && !isTornOff) return;
    const { zone = entry.zone, ...fields } = changed ?? {};
    const link =
      isTornOff || Object.hasOwn(changed ?? {}, 'zone')
        ? { zone_id: this.idOf(`${path}.zone`, zone, 'zone', this.zoneIds) }
        : {};
    await this.attempt(path, () =>
      updateMiner(tx, { ...author, id, patch: minerPatch.parse({ ...fields, ...link }) }),
    );
  }

  /** Zones and miners name each other: this link can be made once both are there. */
  private async heating(path: string, entry: NonNullable<ConfigurationFile['zones']>[number]): Promise<void> {
    const { tx, author } = this;
    const id = this.zoneIds.get(entry.zone_name);
    const isNew = this.diff.zones.added.includes(entry.zone_name);
    const changes = Object.hasOwn(this.changed('zones', entry.zone_name) ?? {}, 'heating_miner');
    const isTornOff = this.diff.miners.removed.includes(entry.heating_miner ?? '');
    if (id === undefined || !(isNew ? entry.heating_miner : changes || isTornOff)) return;
    const minerId = this.idOf(`${path}.heating_miner`, entry.heating_miner, 'miner', this.minerIds);
    await this.attempt(path, () => updateZone(tx, { ...author, id, patch: { heating_miner_id: minerId } }));
  }

  private idOf(
    path: string,
    name: unknown,
    kind: 'zone' | 'miner',
    ids: ReadonlyMap<string, string>,
  ): string | null {
    if (typeof name !== 'string') return null;
    const id = ids.get(name);
    const section = kind === 'zone' ? this.diff.zones : this.diff.miners;
    if (id !== undefined && !section.removed.includes(name)) return id;
    const message = `"${name}" names no ${kind} of the file or of yours.`;
    this.issues.push({ path, code: `unknown_${kind}`, message, values: { [kind]: name } });
    return null;
  }

  private async remove(): Promise<void> {
    const { tx, author, stored, diff } = this;
    const each = async (
      section: 'zones' | 'miners' | 'devices',
      drop: (db: Executor, edit: Author & { id: string }) => Promise<void>,
    ) => {
      for (const name of diff[section].removed) {
        const id = stored.ids[section].get(name);
        if (id !== undefined) await this.attempt(section, () => drop(tx, { ...author, id }));
      }
    };
    await each('miners', deleteMiner);
    await each('zones', deleteZone);
    await each('devices', deleteDevice);
  }
}

function fieldsOf(changes: readonly FieldChange[]): Record<string, unknown> {
  return Object.fromEntries(changes.map(({ field, after }) => [field, after]));
}
