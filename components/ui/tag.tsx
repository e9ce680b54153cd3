import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { TONE_CLASSES, type Tone } from './tone';

interface TagProps {
  readonly tone: Tone;
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

export function Tag({ tone, icon: Icon, children }: TagProps) {
  return (
    <span
      className={`inline-flex shrink-0 items-center gap-1 whitespace-nowrap rounded-full px-2 py-0.5 font-medium text-xs ${TONE_CLASSES[tone]}`}
    >
      {Icon && <Icon aria-hidden className="size-3.5" />}
      {children}
    </span>
  );
}
