import { formatDate } from '@/lib/format';
import type { WireGains } from '@/lib/gains/serialise';

/** "Mon 23 Nov 2026", "from Mon 23 Nov 2026", "Nov 2026". */
export function periodLabel({ first }: WireGains['periods'][number], by: WireGains['by']): string {
  const date = formatDate(first);
  switch (by) {
    case 'day':
      return date;
    case 'week':
      return `from ${date}`;
    case 'month':
      return date.split(' ').slice(2).join(' ');
  }
}
