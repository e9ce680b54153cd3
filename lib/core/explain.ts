import { ALL_LOADS } from './begin-tick';
import { batteryOf } from './decide';
import { findFlip } from './flip';
import { Futures } from './flip-simulation';
import { step } from './session';
import type { LoadView, Tick } from './tick';
import type { DecideInput, Explanation, Flip, Gate } from './types';
import { gateOf, shortName } from './words';

/** One decided tick, of which loads are explained one by one. */
export interface ExplainableTick {
  /** Why a load is decided as it is: sentence, every gate, and the smallest change that changes the verdict. */
  explain(loadId: string): Explanation;
  /** The same, where there is no time to search for the flip. */
  explainWithoutFlip(loadId: string): Explanation;
}

const NOT_SEARCHED: Flip = { kind: 'none', until: null, text: 'not worked out at this tick' };

/**
 * The tick that `decide` makes of `input`, memory before the tick included, by the code that decides; decided once,
 * however many of its loads are explained (control.md §9). Asking it for a load that the configuration does not have
 * throws RangeError. `traceId`: the only load that will be asked for.
 */
export function explainable(input: DecideInput, traceId = ALL_LOADS): ExplainableTick {
  const tick = step(input, traceId);
  let futures: Futures | null = null;
  const loadOf = (loadId: string): LoadView => {
    const load = tick.loads.find(({ id }) => id === loadId);
    if (load === undefined) throw new RangeError(`no load ${loadId} in the configuration`);
    return load;
  };
  return {
    explain(loadId) {
      const load = loadOf(loadId);
      const explained = gatesAndSentence(tick, load);
      futures ??= new Futures(input);
      return { ...explained, flip: findFlip(tick, load, explained.gates, futures) };
    },
    explainWithoutFlip: (loadId) => ({ ...gatesAndSentence(tick, loadOf(loadId)), flip: NOT_SEARCHED }),
  };
}

/** One load of a tick, as `explainable` explains it. */
export function explain(input: DecideInput, loadId: string): Explanation {
  return explainable(input, loadId).explain(loadId);
}

function gatesAndSentence(tick: Tick, load: LoadView): Omit<Explanation, 'flip'> {
  const gates = (load.run.trace ?? []).map(gateOf);
  return {
    loadId: load.id,
    verdict: load.verdict,
    binding: load.binding,
    sentence: sentenceOf(tick, load, gates),
    gates,
  };
}

function sentenceOf(tick: Tick, load: LoadView, gates: readonly Gate[]): string {
  const name = shortName(load.plan.name);
  const reason = reasonOf(load, gates);
  switch (load.verdict) {
    case 'START':
      return `Start ${name} (${circumstance(tick, load)})`;
    case 'KEEP_RUNNING':
      if (!load.memory.ours && load.plan.kind !== 'fan') {
        return `${name} is on, but not by CommandCenter; it keeps running (${circumstance(tick, load)})`;
      }
      return `${name} keeps running (${circumstance(tick, load)})`;
    case 'WAIT':
      return `${name} waits: ${reason}`;
    case 'STOP':
      return `Stop ${name}: ${reason}`;
    case 'EMERGENCY_STOP':
      return load.desired === 'off'
        ? `Emergency stop of ${name}: ${reason}`
        : `Stop ${name} at once: ${reason}`;
    case 'LOCKED_OUT':
      return `${name} is locked out: ${reason}`;
    case 'DISABLED':
      return `${name} is switched off in its settings`;
    case 'CANNOT_DECIDE':
      return `${name}: cannot decide, ${reason}`;
    case 'OVERRIDDEN':
      if (load.override?.state === 'off') return `${name} is switched off by the owner`;
      return load.binding === null
        ? `${name} is switched on by the owner (${circumstance(tick, load)})`
        : `${name} is to run by the owner’s wish, but waits: ${reason}`;
  }
}

function circumstance(tick: Tick, load: LoadView): string {
  if (load.plan.kind === 'fan') {
    const temperatureC = load.zone?.temperatureC ?? null;
    const at = temperatureC === null ? 'temperature not known' : `${Math.round(temperatureC * 10) / 10} °C`;
    return load.fanSpeed === null ? at : `${at}, step ${load.fanSpeed}`;
  }
  const { voltageSocPct } = batteryOf(tick);
  const at = voltageSocPct === null ? 'battery not known' : `battery at ${Math.round(voltageSocPct)} %`;
  return load.asProbe ? `${at}, on hidden sun` : at;
}

function reasonOf({ verdict, absent, binding }: LoadView, gates: readonly Gate[]): string {
  // A hold passes by itself; that there is no device does not.
  const reason = verdict === 'CANNOT_DECIDE' && absent ? 'reachable' : binding;
  const failing = gates.find((gate) => gate.name === reason && !gate.pass);
  if (failing !== undefined) return failing.text;
  const named = gates.find((gate) => gate.name === reason);
  if (named !== undefined) return named.text;
  if (binding === 'mode') return 'paused by the owner';
  if (binding === 'override') return 'switched off by the owner';
  if (binding === 'enabled') return 'switched off in its settings';
  if (binding === 'state-known') return 'whether it is on is not known';
  return binding ?? 'no reason';
}
