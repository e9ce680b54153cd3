import { Card } from '@/components/ui/card';
import { KERNEL_VERSION } from '@/lib/core/version';
import { APP_VERSION } from '@/lib/version';

export function AboutCard() {
  return (
    <Card title="About">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        <dt className="text-ink-soft">CommandCenter</dt>
        <dd>{APP_VERSION}, MIT licence</dd>
        <dt className="text-ink-soft">Kernel</dt>
        <dd>{KERNEL_VERSION}, the rules that decide</dd>
        <dt className="text-ink-soft">Health</dt>
        <dd>
          <a href="/api/health" className="font-medium text-accent">
            Database, worker and sources as JSON
          </a>
        </dd>
      </dl>
    </Card>
  );
}
