import { NavLink } from '@/components/nav-link';

const SECTIONS = [
  { href: '/settings/battery', label: 'Battery' },
  { href: '/settings/miners', label: 'Miners' },
  { href: '/settings/hvac', label: 'HVAC' },
  { href: '/settings/devices', label: 'Devices' },
  { href: '/settings/system', label: 'System' },
] as const;

/** The settings pages, in one row on a phone of 360 px. */
export function SettingsNav() {
  return (
    <nav aria-label="Settings" className="border-line border-b">
      <ul className="flex flex-wrap sm:gap-2">
        {SECTIONS.map(({ href, label }) => (
          <li key={href}>
            <NavLink
              href={href}
              className="-mb-px inline-flex min-h-11 items-center border-transparent border-b-2 px-2 font-medium text-ink-soft hover:text-ink aria-[current]:border-accent aria-[current]:text-accent sm:px-3"
            >
              {label}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
