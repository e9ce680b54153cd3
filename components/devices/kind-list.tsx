'use client';

import { ChevronRight } from 'lucide-react';
import type { KindChoice } from '@/lib/devices/page-data';

interface KindListProps {
  readonly kinds: readonly KindChoice[];
  readonly onChoose: (kind: KindChoice) => void;
}

/** The first question: what kind of device it is; real hardware first. */
export function KindList({ kinds, onChoose }: KindListProps) {
  const ordered = [...kinds].sort((a, b) => Number(b.hardware) - Number(a.hardware));
  return (
    <ul aria-label="Kinds of device" className="grid gap-2">
      {ordered.map((kind) => (
        <li key={kind.driver}>
          <button
            type="button"
            onClick={() => onChoose(kind)}
            className="flex w-full items-center gap-3 rounded-lg border border-line bg-surface p-4 text-left hover:bg-sunken"
          >
            <span className="min-w-0 flex-1">
              <span className="block font-semibold">{kind.label}</span>
              <span className="text-ink-soft">{kind.description}</span>
            </span>
            <ChevronRight aria-hidden className="size-5 shrink-0 text-ink-soft" />
          </button>
        </li>
      ))}
    </ul>
  );
}
