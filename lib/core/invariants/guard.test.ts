import { describe, expect, it } from 'vitest';
import type { Allowed, Decided } from '../commands/types';
import type { Decision } from '../types';
import { type GuardState, guardTick, newGuardState, restoreGuardState } from './guard';
import { MUTANTS, type Mutant } from './mutants.case';
import { type Decide, play, stepsOf } from './sequence.case';

/** What the run-time monitor lets through of kernels that are broken, and of the one that is not. */

const TICKS = 1000;
const SEQUENCES = 60;
/** After it was caught: enough to be caught again, and for what is held back then. */
const TICKS_AFTER = 200;
const ENDS_RUNS = ['I1', 'I4', 'I6', 'I12', 'I13'];

const stored = (state: GuardState): GuardState => restoreGuardState(JSON.parse(JSON.stringify(state)));

interface Guarded {
  readonly decided: Decided;
  readonly allowed: Allowed;
  /** Violated at this very tick. */
  readonly violated: readonly string[];
}

/** Plays the mutant's sites under a guard until one is caught, then some more; every tick of that one. */
function guarded(mutant: Mutant): Guarded[] {
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const broken: Decide = mutant.make();
    const ticks: Guarded[] = [];
    let state = newGuardState();
    let caughtAt = Number.POSITIVE_INFINITY;
    play(seed, stepsOf(TICKS), {
      decide: broken,
      only: null,
      again: 0,
      prepare: mutant.prepare,
      isEnough: () => ticks.length - caughtAt >= TICKS_AFTER,
      allow(decided) {
        // As after a restart.
        if (ticks.length % 10 === 0) state = stored(state);
        const allowed = guardTick(state, decided, broken);
        const { now } = decided.input.snapshot;
        const violated = Object.keys(state.raised).filter((name) => state.raised[name]?.at === now);
        ticks.push({ decided, allowed, violated });
        if (violated.includes(mutant.invariant)) caughtAt = Math.min(caughtAt, ticks.length);
        return allowed;
      },
    });
    if (caughtAt < Number.POSITIVE_INFINITY) return ticks;
  }
  return [];
}

function stateOf({ input }: Decided, loadId: string): string {
  return input.snapshot.loads[loadId]?.state ?? 'off';
}

describe.each(MUTANTS.map((mutant) => [mutant.invariant, mutant.name, mutant] as const))(
  'a kernel that breaks %s: it %s',
  (invariant, _name, mutant) => {
    const ticks = guarded(mutant);

    it('is noticed, and told with its loads by name', () => {
      const caught = ticks.find(({ violated }) => violated.includes(invariant));
      const alert = caught?.allowed.alerts.find(({ key }) => key === `invariant:${invariant}`);
      expect(alert).toMatchObject({ severity: 'critical' });
      expect(alert?.text).not.toMatch(/(miner|heater):[\w-]/);
    });

    it('starts nothing at that tick, nor sends that start later', () => {
      const taken = new Set<string>();
      const startedAnyway: Decision[] = [];
      for (const { decided, allowed, violated } of ticks) {
        for (const [i, decision] of decided.result.decisions.entries()) {
          const { loadId, kind, desired } = decision;
          if (kind === 'fan') continue;
          const passed = allowed.decisions[i]?.desired;
          const on = ['on', 'ramping'].includes(stateOf(decided, loadId));
          if (desired !== 'on' || on) taken.delete(loadId);
          else if (violated.some((name) => name !== 'I14')) taken.add(loadId);
          if (taken.has(loadId) && passed === 'on') startedAnyway.push(decision);
        }
      }
      expect(startedAnyway).toEqual([]);
    });

    it('never loses an off, and a load that must not run gets one', () => {
      const lost: string[] = [];
      const leftOn: string[] = [];
      for (const { decided, allowed, violated } of ticks) {
        const { config, snapshot } = decided.input;
        for (const [i, { loadId, kind, desired }] of decided.result.decisions.entries()) {
          const passed = allowed.decisions[i]?.desired;
          if (desired === 'off' && passed !== 'off') lost.push(loadId);
          if (kind === 'fan' || !ENDS_RUNS.includes(invariant) || !violated.includes(invariant)) continue;
          const named = allowed.alerts.some(
            ({ key, text }) =>
              key === `invariant:${invariant}` && text.includes(decided.result.decisions[i]?.name ?? ''),
          );
          const acts = config.controlMode !== 'advisory' && snapshot.loads[loadId]?.controllable !== false;
          const runs = stateOf(decided, loadId) !== 'off';
          if (named && acts && runs && passed !== 'off') leftOn.push(loadId);
        }
      }
      expect({ lost, leftOn }).toEqual({ lost: [], leftOn: [] });
    });

    it('permits no charging where I5 is broken', () => {
      const permitted = ticks.filter(
        ({ allowed, violated }) => violated.includes('I5') && allowed.chargePermission.permitted,
      );
      expect(permitted).toEqual([]);
    });
  },
);

describe('the kernel as it is', () => {
  it('passes untouched, and nothing is told of it', () => {
    const touched: Allowed[] = [];
    for (let seed = 100; seed < 110; seed++) {
      let state = newGuardState();
      play(seed, stepsOf(400), {
        only: null,
        again: 0,
        allow(decided) {
          state = stored(state);
          const allowed = guardTick(state, decided);
          if (allowed.decisions !== decided.result.decisions || allowed.alerts.length > 0)
            touched.push(allowed);
          return allowed;
        },
      });
    }
    expect(touched).toEqual([]);
  });

  it('is not accused when the history is lost and its memory is not', () => {
    let lost = 0;
    const accused: Allowed['alerts'][] = [];
    for (let seed = 200; seed < 300; seed++) {
      let state = newGuardState();
      play(seed, stepsOf(300), {
        only: null,
        again: 0,
        allow(decided) {
          if (decided.restarted) {
            state = restoreGuardState({ schemaVersion: 0 });
            lost += 1;
          }
          const allowed = guardTick(state, decided);
          if (allowed.alerts.length > 0) accused.push(allowed.alerts);
          return allowed;
        },
      });
    }
    expect(accused).toEqual([]);
    expect(lost).toBeGreaterThan(20);
  }, 30_000);
});

describe('an alert', () => {
  it.each([
    [23, 1],
    [24, 0],
  ])('%i h after the last violation: %i', (hours, left) => {
    const state = newGuardState();
    play(1, stepsOf(1), {
      allow(decided) {
        state.raised.I7 = { text: 'It did.', at: decided.input.snapshot.now - hours * 3_600_000 };
        const allowed = guardTick(state, decided);
        expect(allowed.alerts).toHaveLength(left);
        return allowed;
      },
    });
  });
});
