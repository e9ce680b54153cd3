export interface LegendEntry {
  readonly name: string;
  readonly color: string;
  /** SVG dash pattern; lines differ in it as well as in colour. */
  readonly dash?: string;
}

export function ChartLegend({ entries }: { entries: readonly LegendEntry[] }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-ink-soft text-xs">
      {entries.map((entry) => (
        <li key={entry.name} className="flex items-center gap-1.5">
          <svg aria-hidden="true" width="22" height="6">
            <line
              x1="0"
              y1="3"
              x2="22"
              y2="3"
              stroke={entry.color}
              strokeWidth="2.5"
              strokeDasharray={entry.dash}
            />
          </svg>
          {entry.name}
        </li>
      ))}
    </ul>
  );
}
