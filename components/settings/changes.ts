type Values = Readonly<Record<string, unknown>>;

/** Whether two plain values are the same to the owner; NaN is what cannot be read, and is like itself. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameValue((a as Values)[key], (b as Values)[key]));
}

/** The names whose values differ. */
export function changedNames(before: Values, after: Values): readonly string[] {
  return Object.keys(after).filter((name) => !sameValue(before[name], after[name]));
}

export function pick(values: Values, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
