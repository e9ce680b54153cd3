import { BatteryCharging, LogOut } from 'lucide-react';
import { signOut } from '@/lib/auth/actions';
import { NavLink } from './nav-link';

const PAGES = [
  { href: '/', label: 'Cockpit' },
  { href: '/history', label: 'History' },
  { href: '/decisions', label: 'Decisions' },
  { href: '/gains', label: 'Gains' },
  // Straight to its first page: a redirect would overtake whoever presses the next link meanwhile.
  { href: '/settings/battery', section: '/settings', label: 'Settings' },
] as const;

export function SiteHeader({ email }: { email: string }) {
  return (
    <header className="border-line border-b bg-surface print:border-0">
      <div className="mx-auto flex max-w-7xl items-center justify-between gap-x-1 px-4 py-2 wide:max-w-screen-vast sm:gap-x-6 print:px-0">
        <div className="flex min-w-0 items-center gap-1 sm:gap-6">
          <span className="flex items-center gap-2 font-semibold text-accent print:text-ink">
            <BatteryCharging aria-hidden className="size-5 shrink-0" />
            <span className="max-sm:not-print:sr-only">CommandCenter</span>
          </span>
          <nav aria-label="Pages" className="print:hidden">
            <ul className="flex flex-wrap sm:gap-1">
              {PAGES.map(({ label, ...page }) => (
                <li key={label}>
                  <NavLink
                    {...page}
                    className="inline-flex min-h-9 items-center rounded px-1 font-medium hover:bg-sunken aria-[current]:text-accent max-sm:text-xs sm:px-2"
                  >
                    {label}
                  </NavLink>
                </li>
              ))}
            </ul>
          </nav>
        </div>
        <form action={signOut} className="flex min-w-0 items-center gap-3 print:hidden">
          <span className="min-w-0 truncate text-ink-soft text-xs max-sm:hidden">{email}</span>
          <button
            type="submit"
            className="inline-flex min-h-9 shrink-0 items-center gap-1.5 rounded px-1 font-medium text-ink-soft hover:bg-sunken sm:px-2"
          >
            <LogOut aria-hidden className="size-4" />
            <span className="max-sm:sr-only">Sign out</span>
          </button>
        </form>
      </div>
    </header>
  );
}
