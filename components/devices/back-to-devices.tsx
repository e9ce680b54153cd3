import { ChevronLeft } from 'lucide-react';
import Link from 'next/link';

export function BackToDevices() {
  return (
    <Link
      href="/settings/devices"
      className="mb-2 inline-flex min-h-9 items-center gap-1 font-medium text-accent"
    >
      <ChevronLeft aria-hidden className="size-4" />
      All devices
    </Link>
  );
}
