import { describe, expect, it } from 'vitest';
import { seededSite } from '../seeded-site.case';
import { Stage } from './stage.case';

/**
 * What goes wrong in the field, each with its expected end: of the commands, of the loads, and what the owner is told.
 * All of it through the worker's own cycle, ledger and database; no safety rule is broken in any of it.
 */
export interface Scenario {
  readonly what: string;
  readonly play: (stage: Stage) => Promise<void>;
  /** By device key: every command there was. */
  readonly commands: Readonly<Record<string, readonly string[]>>;
  /** Observed at the end. */
  readonly loads: Readonly<Record<string, 'on' | 'off' | 'ramping'>>;
  /** Keys of all alerts there were; ", open" where it still stands. */
  readonly alerts: readonly string[];
}

// A clear morning in California: the bank is in the middle and the sun comes up.
const START = Date.UTC(2026, 5, 1, 17, 0);

export function playScenarios(about: string, scenarios: readonly Scenario[]): void {
  const seeded = seededSite(START);
  describe(about, () => {
    it.each(scenarios.map((scenario) => [scenario.what, scenario] as const))(
      '%s',
      async (_what, scenario) => {
        const stage = await Stage.on(seeded());
        await scenario.play(stage);
        const alerts = await stage.alerts();
        expect(alerts.filter((key) => key.startsWith('invariant:'))).toEqual([]);
        for (const [key, expected] of Object.entries(scenario.commands)) {
          expect([key, await stage.commands(key)]).toEqual([key, expected]);
        }
        for (const [name, expected] of Object.entries(scenario.loads)) {
          expect([name, await stage.observed(name)]).toEqual([name, expected]);
        }
        expect(alerts).toEqual(scenario.alerts);
      },
      120_000,
    );
  });
}
