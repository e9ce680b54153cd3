import type { Retention } from './schema';

export function serialiseRetention({ rawDays, minuteDays, quarterDays }: Retention) {
  return { raw_days: rawDays, minute_days: minuteDays, quarter_days: quarterDays };
}

export type WireRetention = ReturnType<typeof serialiseRetention>;
