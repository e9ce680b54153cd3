import { minerLoadId } from '@/lib/core/loads';
import type { Snapshot } from '@/lib/core/types';
import type { SiteConfig } from './config';
import type { MinerRun } from './store';

const HOUR_MS = 3_600_000;

/** Notices when miners are seen to start and to stop, whoever switched them. */
export class MinerRuns {
  private readonly runningSince = new Map<string, number>();
  private readonly seen = new Set<string>();

  /** A modelled miner has starts and stops, but earns no hours. */
  observe(snapshot: Snapshot, config: SiteConfig, isSimulated: (deviceKey: string) => boolean): MinerRun[] {
    const runs: MinerRun[] = [];
    for (const { id, deviceIdentifier } of config.kernel.miners) {
      const load = snapshot.loads[minerLoadId(id)];
      if (!load || load.state === 'unknown') continue;
      const on = load.state !== 'off';
      const since = this.runningSince.get(id);
      const firstSight = !this.seen.has(id);
      this.seen.add(id);
      if (on && since === undefined) {
        const before = firstSight ? config.runningSince[id] : undefined;
        const startedAt = before ?? load.sinceMs ?? snapshot.now;
        this.runningSince.set(id, startedAt);
        if (before === undefined) runs.push({ minerId: id, startedAt, stoppedAt: null, ranHours: 0 });
      } else if (!on && since !== undefined) {
        this.runningSince.delete(id);
        const stoppedAt = Math.max(since, load.sinceMs ?? snapshot.now);
        const counts = deviceIdentifier !== null && !isSimulated(deviceIdentifier);
        const ranHours = counts ? (stoppedAt - since) / HOUR_MS : 0;
        runs.push({ minerId: id, startedAt: null, stoppedAt, ranHours });
      }
    }
    return runs;
  }
}
