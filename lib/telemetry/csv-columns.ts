import type { LoadNames } from './load-names';

type Wire = Readonly<Record<string, unknown>>;

/** One column of a CSV file. */
export interface CsvColumn {
  readonly name: string;
  /** Null or undefined is not known: an empty cell. */
  readonly cellOf: (row: Wire) => unknown;
}

/** What a range holds a row of. */
export interface Recorded {
  readonly names: LoadNames;
  readonly loadIds: readonly string[];
  readonly zoneIds: readonly string[];
}

type Figures = Readonly<Record<string, (load: Wire) => unknown>>;

const RAW_LOAD: Figures = {
  state: ({ state }) => state,
  watts: ({ w }) => w,
  speed: ({ speed }) => speed,
};
/** A roll-up leaves out zeros, and loads that did nothing. */
const ROLLED_LOAD: Figures = {
  on_seconds: ({ on }) => on ?? 0,
  unknown_seconds: ({ unknown }) => unknown ?? 0,
  starts: ({ starts }) => starts ?? 0,
  stops: ({ stops }) => stops ?? 0,
  metered_seconds: ({ metered }) => metered ?? 0,
  energy_wh: ({ metered, wh }) => (metered === undefined ? null : (wh ?? 0)),
};

/**
 * Names as parts of columns' names: lower case, "_" for what is neither letter nor digit. Those that are alike then, or
 * have nothing left, carry the beginning of their ids.
 */
function columnNames(
  named: readonly { readonly id: string; readonly name: string }[],
): ReadonlyMap<string, string> {
  const plain = named.map(({ id, name }) => {
    const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
    return { id, text: words.join('_') };
  });
  return new Map(
    plain.map(({ id, text }) => {
      const isTaken = plain.some((other) => other.id !== id && other.text === text);
      const start = id.replace(/^.*:/, '').slice(0, 8);
      return [id, text === '' ? start : isTaken ? `${text}_${start}` : text];
    }),
  );
}

/** A column for each figure of each load, and for each zone's temperature: a spreadsheet does not look into JSON. */
export function loadAndZoneColumns(recorded: Recorded, { isRaw }: { isRaw: boolean }): CsvColumn[] {
  const { names, loadIds, zoneIds } = recorded;
  // Told apart from all other loads, not only from those of the range: with another range a name stays what it is.
  const ofLoad = columnNames(names.loads);
  const ofZone = columnNames(zoneIds.map((id) => ({ id, name: names.zoneName(id) })));
  const part = (of: unknown, id: string) => (of as Wire)[id];
  const loads = names.loads
    .filter(({ id }) => loadIds.includes(id))
    .flatMap(({ id, kind }) =>
      Object.entries(isRaw ? RAW_LOAD : ROLLED_LOAD)
        .filter(([figure]) => figure !== 'speed' || kind === 'fan')
        .map(([figure, read]) => ({
          name: `${figure}_${ofLoad.get(id)}`,
          cellOf: (row: Wire) => read((part(row.loads, id) ?? {}) as Wire),
        })),
    );
  const zones = zoneIds.map((id) => ({
    name: `temperature_c_${ofZone.get(id)}`,
    cellOf: (row: Wire) => {
      const zone = part(row.zones, id);
      return isRaw ? (zone as Wire | undefined)?.c : zone;
    },
  }));
  return [...loads, ...zones];
}

/** RFC 4180; an empty cell is not known. */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = value instanceof Date ? value.toISOString() : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
