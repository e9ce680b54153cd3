import { Download } from 'lucide-react';
import type { Range } from './view';

const TIERS = [
  ['raw', 'as recorded'],
  ['1m', 'by minute'],
  ['15m', 'by quarter of an hour'],
  ['1d', 'by day'],
] as const;

/** What is shown as a file, each tier as it is stored; simulated rows carry their mark. */
export function ExportLinks({ range }: { range: Range }) {
  const href = (resolution: string, format: string) =>
    `/api/telemetry/export?${new URLSearchParams({
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      resolution,
      format,
    })}`;
  return (
    <ul className="grid gap-2">
      {TIERS.map(([tier, words]) => (
        <li key={tier} className="flex flex-wrap items-center justify-between gap-x-4">
          <span>{words}</span>
          <span className="flex gap-3">
            {(['csv', 'json'] as const).map((format) => (
              <a
                key={format}
                href={href(tier, format)}
                download
                className="inline-flex min-h-10 items-center gap-1 text-accent underline"
              >
                <Download aria-hidden className="size-4" />
                {format.toUpperCase()}
                <span className="sr-only">, {words}</span>
              </a>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
