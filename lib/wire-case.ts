export type SnakeWord<S extends string> = S extends `${infer Head}${infer Tail}`
  ? Head extends Lowercase<Head>
    ? `${Head}${SnakeWord<Tail>}`
    : `_${Lowercase<Head>}${SnakeWord<Tail>}`
  : S;

/** The type as the API spells it: camelCase keys in snake_case, at any depth. */
export type SnakeCased<T> = T extends readonly (infer Item)[]
  ? SnakeCased<Item>[]
  : T extends object
    ? { [K in keyof T as K extends string ? SnakeWord<K> : K]: SnakeCased<T[K]> }
    : T;

const spellings = new Map<string, string>();
// Keys come from our own types; data used as keys (load ids) are lower case and only pass through.
const MAX_SPELLINGS = 2_000;

export function snakeWord(key: string): string {
  const known = spellings.get(key);
  if (known !== undefined) return known;
  const spelled = key.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
  if (spellings.size < MAX_SPELLINGS) spellings.set(key, spelled);
  return spelled;
}

/** Plain data (no class instances) with every object key in snake_case; values stay as they are. */
export function toSnakeCase<T>(value: T): SnakeCased<T> {
  return convert(value) as SnakeCased<T>;
}

function convert(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) result[snakeWord(key)] = convert(item);
  return result;
}

export type CamelWord<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelWord<Tail>>}`
  : S;

/** Top-level keys as the code spells them. */
export type CamelCased<T> = { [K in keyof T as K extends string ? CamelWord<K> : K]: T[K] };

/** A flat record with its keys in camelCase; values stay as they are. */
export function toCamelCase<T extends object>(wire: T): CamelCased<T> {
  return Object.fromEntries(
    Object.entries(wire).map(([key, value]) => [camelWord(key), value]),
  ) as CamelCased<T>;
}

const names = new Map<string, string>();

/** The way back: plain data with every object key in camelCase; ids used as keys only pass through. */
export function fromSnakeCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fromSnakeCase);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) result[camelWord(key)] = fromSnakeCase(item);
  return result;
}

function camelWord(key: string): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  // "voltage_at_0_percent" is voltageAt0Percent.
  const spelled = key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (names.size < MAX_SPELLINGS) names.set(key, spelled);
  return spelled;
}
