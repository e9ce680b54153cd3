import { CircleAlert, Info, type LucideIcon, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { TONE_CLASSES } from './tone';

const ICONS = {
  info: Info,
  model: Info,
  caution: TriangleAlert,
  danger: CircleAlert,
} as const satisfies Record<string, LucideIcon>;

interface NoticeProps {
  readonly tone: keyof typeof ICONS;
  readonly title: string;
  readonly children?: ReactNode;
  /** Buttons, after the text. */
  readonly actions?: ReactNode;
}

/** A condition of the whole site: what it is, and what happens now. */
export function Notice({ tone, title, children, actions }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg px-4 py-3 ${TONE_CLASSES[tone]}`}>
      <div className="flex min-w-0 flex-1 basis-64 gap-3">
        <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
        <div className="wrap-anywhere min-w-0">
          <p className="font-semibold">{title}</p>
          {children && <div className="text-ink">{children}</div>}
        </div>
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
