import { isOpen } from '@/lib/core/commands/steps';
import type { Command } from '@/lib/core/commands/types';
import type { SiteConfig } from '../config';
import type { LedgerTask } from './tasks';

/** The kill switch sends its offs and then nothing: what has been off since the pause is left to whoever switches it. */
export class PauseWatch {
  private readonly quiet = new Set<string>();

  isQuiet(loadId: string): boolean {
    return this.quiet.has(loadId);
  }

  /** Notes what is off now, or was seen off by command since the pause began. */
  look(
    { kernel, modeSince }: Pick<SiteConfig, 'kernel' | 'modeSince'>,
    tasks: readonly LedgerTask[],
    newest: (loadId: string) => Command | null,
  ): void {
    if (kernel.controlMode !== 'paused') {
      this.quiet.clear();
      return;
    }
    for (const { loadId, seen } of tasks) {
      const command = newest(loadId);
      if (command !== null && isOpen(command)) continue;
      const followed =
        command !== null && command.desired.state === 'off' && (command.observedAt ?? -1) >= modeSince;
      if (followed || seen.state === 'off') this.quiet.add(loadId);
    }
  }
}
