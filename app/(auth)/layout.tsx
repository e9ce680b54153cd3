import { BatteryCharging } from 'lucide-react';
import type { ReactNode } from 'react';

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-md content-center p-4">
      <div className="rounded-lg border border-line bg-surface p-6">
        <p className="mb-6 flex items-center gap-2 font-semibold text-accent">
          <BatteryCharging aria-hidden className="size-6" />
          CommandCenter
        </p>
        {children}
      </div>
    </main>
  );
}
