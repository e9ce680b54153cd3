interface ChartTooltipProps {
  readonly title: string;
  readonly rows: readonly { readonly name: string; readonly value: string; readonly color: string }[];
}

export function ChartTooltip({ title, rows }: ChartTooltipProps) {
  return (
    <div className="rounded-md border border-line bg-surface px-3 py-2 text-ink text-xs shadow-lg">
      <p className="mb-1 font-medium">{title}</p>
      {rows.map((row) => (
        <p key={row.name} className="flex items-center justify-between gap-4">
          <span className="flex items-center gap-1.5">
            <span aria-hidden className="h-0.5 w-3" style={{ background: row.color }} />
            {row.name}
          </span>
          <span className="font-medium">{row.value}</span>
        </p>
      ))}
    </div>
  );
}
