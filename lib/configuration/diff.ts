type Wire = Readonly<Record<string, unknown>>;

export interface FieldChange {
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}
export interface EntryChange {
  readonly name: string;
  readonly fields: readonly FieldChange[];
}
export interface SectionDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly EntryChange[];
}

/** Order of keys aside. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => same((a as Wire)[name], (b as Wire)[name]));
}

/** The fields that `wanted` names and holds otherwise; what it leaves out stays. */
export function fieldChanges(stored: Wire, wanted: Wire): FieldChange[] {
  return Object.entries(wanted).flatMap(([field, after]) =>
    after === undefined || same(stored[field] ?? null, after)
      ? []
      : [{ field, before: stored[field] ?? null, after }],
  );
}

/** What happens to entries that are known by `key`; without a list nothing does. */
export function sectionDiff(
  key: string,
  stored: readonly Wire[],
  wanted: readonly Wire[] | undefined,
): SectionDiff {
  if (wanted === undefined) return { added: [], removed: [], changed: [] };
  const nameOf = (entry: Wire) => String(entry[key]);
  const byName = new Map(stored.map((entry) => [nameOf(entry), entry]));
  const kept = new Set(wanted.map(nameOf));
  const added: string[] = [];
  const changed: EntryChange[] = [];
  for (const entry of wanted) {
    const before = byName.get(nameOf(entry));
    if (before === undefined) {
      added.push(nameOf(entry));
      continue;
    }
    const fields = fieldChanges(before, entry);
    if (fields.length > 0) changed.push({ name: nameOf(entry), fields });
  }
  return { added, removed: [...byName.keys()].filter((name) => !kept.has(name)), changed };
}
