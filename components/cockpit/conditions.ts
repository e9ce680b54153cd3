import { formatMoment } from '@/lib/format';
import type { WireStatus } from '@/lib/status/serialise';
import type { LinkState } from './live-connection';

/** A condition of the whole site that the owner must not miss. Texts hold moments, not ages: they are read out once. */
export interface Condition {
  readonly key: string;
  readonly tone: 'info' | 'caution' | 'danger';
  readonly title: string;
  readonly text: string;
}

interface Circumstances {
  readonly status: WireStatus;
  readonly link: LinkState;
  /** When the status arrived, epoch ms. */
  readonly receivedAt: number;
  readonly timeZone: string;
}

function voltageCondition({ status, receivedAt, timeZone }: Circumstances): Condition | null {
  if (!status.battery.stale && status.battery.band !== 'UNKNOWN') return null;
  const voltage = status.readings.pack_voltage_v;
  const source =
    status.sources.find(({ key }) => key === voltage.source) ??
    status.sources.find(({ roles }) => roles.includes('battery'));
  if (source === undefined) {
    return {
      key: 'voltage',
      tone: 'danger',
      title: 'No device measures the battery',
      text: 'Nothing starts without its voltage, and what still runs has to stop. Choose under Settings → Devices the device that measures it.',
    };
  }
  const ageMs = voltage.age_ms ?? status.battery.raw_age_ms;
  const lastAt =
    ageMs === null ? (source.last_seen_at ? Date.parse(source.last_seen_at) : null) : receivedAt - ageMs;
  const since = lastAt === null ? 'yet' : `since ${formatMoment(lastAt, receivedAt, timeZone)}`;
  const cause = source.error ? ` It says: ${source.error}` : '';
  return {
    key: 'voltage',
    tone: 'danger',
    title: `No battery voltage from ${source.name} ${since}`,
    text: `Nothing starts without it, and what still runs has to stop when it stays away.${cause}`,
  };
}

function sourceConditions({ status, receivedAt, timeZone }: Circumstances): Condition[] {
  return status.sources
    .filter((source) => source.error !== null && !(status.battery.stale && source.roles.includes('battery')))
    .map((source) => ({
      key: `source:${source.key}`,
      tone: 'caution',
      title: `${source.name} does not answer`,
      text: `${source.last_seen_at ? `Last heard ${formatMoment(Date.parse(source.last_seen_at), receivedAt, timeZone)}. ` : 'Never heard so far. '}${source.error ?? ''}`,
    }));
}

/** What stands above everything else, most serious first. */
export function conditionsOf(circumstances: Circumstances): Condition[] {
  const { status, link, receivedAt, timeZone } = circumstances;
  const conditions: (Condition | null)[] = [
    link === 'lost'
      ? {
          key: 'link',
          tone: 'danger',
          title: 'Connection lost',
          text: `The numbers are from ${formatMoment(receivedAt, receivedAt, timeZone)}. This page tries again by itself; loads do not depend on it.`,
        }
      : null,
    status.worker_alive
      ? null
      : {
          key: 'worker',
          tone: 'danger',
          title: `No decision since ${formatMoment(Date.parse(status.at), receivedAt, timeZone)}`,
          text: status.disk_full
            ? 'The disk that holds the data is full: nothing can be stored, so nothing is started, and after a quarter of an hour what runs has to stop. Free some space; it goes on by itself.'
            : 'Nothing is heard of the worker, which measures and decides. It is restarted by itself; if this stays for minutes, look at the log or start CommandCenter again.',
        },
    // A silent worker leaves every reading old: naming the sensor would blame the wrong one.
    status.worker_alive ? voltageCondition(circumstances) : null,
    status.charge_permission.permitted
      ? null
      : {
          key: 'charging',
          tone: status.charge_permission.unenforceable ? 'danger' : 'caution',
          title: status.charge_permission.unenforceable
            ? 'Charging should be blocked, and no device can block it'
            : 'Charging is blocked',
          text: status.charge_permission.reason ?? '',
        },
    ...(status.worker_alive ? sourceConditions(circumstances) : []),
    status.starts_held && status.worker_alive
      ? { key: 'starts', tone: 'info', title: 'Nothing is started for now', text: status.starts_held.reason }
      : null,
    status.control_mode === 'advisory'
      ? {
          key: 'mode',
          tone: 'info',
          title: 'Advisory: deciding only, sends nothing',
          text: 'No device is switched. What is shown is what would be done.',
        }
      : null,
    status.control_mode === 'paused'
      ? {
          key: 'mode',
          tone: 'caution',
          title: status.worker_alive
            ? 'Paused: miners and heaters stay off'
            : 'Paused, and not carried out yet',
          text: status.worker_alive
            ? 'They have been told to stop; fans stay as they are. Nothing else is sent until you choose another mode.'
            : 'What runs goes on running until the worker is back and stops it.',
        }
      : null,
  ];
  return conditions.filter((condition) => condition !== null);
}
