import type { AlertCondition } from '@/lib/core/types';
import type { DevicePool } from '../devices';
import type { Poller } from '../poll';
import type { Errands, Ledger } from './ledger';
import { PauseWatch } from './pause-watch';
import { chargeAlerts, ledgerTasks, type TaskInput } from './tasks';

interface PlannerOptions {
  readonly ledger: Ledger;
  readonly pool: Pick<DevicePool, 'list' | 'former'>;
  readonly poller: Pick<Poller, 'readings'>;
  readonly tickSeconds: number;
}

type Tick = Pick<TaskInput, 'config' | 'allowed' | 'startsHeld' | 'shedAll' | 'left' | 'now' | 'monotonicMs'>;

/** Puts what a tick decided before the ledger. */
export class CommandPlanner {
  private readonly pause = new PauseWatch();

  constructor(private readonly options: PlannerOptions) {}

  plan(tick: Tick): { readonly errands: Errands; readonly alerts: readonly AlertCondition[] } {
    const { ledger, pool, poller, tickSeconds } = this.options;
    const { config } = tick;
    const newest = (loadId: string) => ledger.newest(loadId);
    const input: TaskInput = {
      ...tick,
      tickSeconds,
      devices: pool.list(),
      former: pool.former(),
      poller,
      newest,
      quiet: (loadId) => this.pause.isQuiet(loadId),
    };
    const tasks = ledgerTasks(input);
    this.pause.look(config, tasks, newest);
    const isConfigured = (deviceKey: string) => config.devices.some(({ key }) => key === deviceKey);
    const { errands, alerts } = ledger.plan(tasks, isConfigured);
    return { errands, alerts: [...alerts, ...chargeAlerts(tasks, input)] };
  }
}
