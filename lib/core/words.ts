import type { GateFact } from './gate-run';
import type { Gate } from './types';

/** Numbers and gates in plain words; no locale, no time zone. */

type Relation = NonNullable<GateFact['relation']>;

const FAILED: Readonly<Record<Relation, Relation>> = {
  '≥': '<',
  '>': '≤',
  '≤': '>',
  '<': '≥',
};

export function amount(value: number, unit: Gate['unit']): string {
  switch (unit) {
    case 'V':
      return `${signed(value, 100)} V`;
    case 'W':
      return `${signed(value, 1)} W`;
    case '°C':
      return `${signed(value, 10)} °C`;
    case 's':
      return duration(value);
    case 'h':
      return `${round(value, 100)} h`;
    case 'Wh':
      return `${Math.round(value)} Wh`;
    case 'starts':
      return `${value} starts`;
    case '':
      return String(value);
  }
}

function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}

/** With a true minus sign, as the pages write it. */
function signed(value: number, steps: number): string {
  return String(round(value, steps)).replace('-', '−');
}

/** Whole seconds as "45 s", "2 min 10 s", "3 h 20 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const h = Math.floor(whole / 3600);
  const min = Math.floor((whole % 3600) / 60);
  const s = whole % 60;
  if (h > 0) return min === 0 ? `${h} h` : `${h} h ${min} min`;
  if (min > 0) return s === 0 ? `${min} min` : `${min} min ${s} s`;
  return `${s} s`;
}

/** "Primary S21+ (Revenue)" is "Primary S21+" in a sentence. */
export function shortName(name: string): string {
  const short = name.replace(/\s*\([^()]*\)\s*$/, '');
  return short === '' ? name : short;
}

export function gateOf(fact: GateFact): Gate {
  return {
    name: fact.name,
    pass: fact.pass,
    applies: fact.applies ?? true,
    value: fact.value,
    limit: fact.limit ?? null,
    unit: fact.unit ?? '',
    ageMs: fact.ageMs ?? null,
    text: textOf(fact),
  };
}

function textOf(fact: GateFact): string {
  const { value, limit, note } = fact;
  const unit = fact.unit ?? '';
  const side = (x: number | string): string => (typeof x === 'number' ? amount(x, unit) : x);
  switch (fact.name) {
    case 'band':
      if (note === 'latched' && !fact.pass) {
        return `the battery was low; waits for ${side(limit ?? '')} held for 2 min`;
      }
      if (note === 'latch not known') {
        return `not known whether the battery was low; waits for ${side(limit ?? '')}`;
      }
      return join(`battery ${String(value).toLowerCase()}`, note);
    case 'sun':
      if (typeof value !== 'string') break;
      return note ?? (value === 'yes' ? 'it is sunny' : 'it is not sunny enough');
    case 'hold':
      if (limit === 0) return 'starts at once when nothing else is missing';
      return fact.pass ? `held ${side(value ?? 0)}` : `held ${side(value ?? 0)} of ${side(limit ?? 0)}`;
    case 'minimum-off':
      return fact.pass ? 'rested long enough' : `rested ${side(value ?? 0)} of ${side(limit ?? 0)}`;
    case 'minimum-on':
      return fact.pass
        ? 'ran long enough to be stopped'
        : `on for ${side(value ?? 0)} of at least ${side(limit ?? 0)}`;
    case 'lock-out':
      if (fact.pass) return 'not locked out';
      return `after an emergency stop: ${typeof value === 'number' && value > 0 ? `${duration(value)} and ` : ''}${side(limit ?? '')}`;
    case 'voltage-fresh':
      if (note !== undefined) return note;
      return fact.pass
        ? `battery voltage is ${side(value ?? 0)} old`
        : `no good battery voltage for ${side(value ?? 0)}`;
    case 'import':
      if (fact.pass && !(typeof value === 'number' && typeof limit === 'number' && value > limit)) {
        return 'no import';
      }
      return join(`importing ${value === null ? 'power' : side(value)}`, reservationOf(fact, false));
    case 'mode':
      return fact.pass ? `control mode ${value}` : 'paused by the owner';
    case 'override':
      return note ?? `switched ${value} by the owner`;
    case 'enabled':
      return fact.pass ? 'enabled' : 'switched off in its settings';
    case 'reachable':
      if (note !== undefined) return `${note}; ${side(value ?? 0)} left`;
      return fact.pass
        ? 'its device answers'
        : value === 'no device'
          ? 'no device is linked'
          : 'its device is missing or does not answer';
    case 'state-known':
      return fact.pass ? `observed ${value}` : 'whether it is on is not known';
    case 'displaced':
      if (note !== undefined) return note;
      if (typeof value === 'string') return `displaced by ${shortName(value)}`;
      return fact.pass ? 'no longer displaced' : `gave way to a higher priority; ${side(value ?? 0)} left`;
    case 'probe':
      if (typeof value === 'number' && unit === 's') return `${note}; ${side(value)} left`;
      break;
    case 'schedule':
      if (limit === null || limit === undefined) return 'no hours set';
      return join(fact.pass ? `hours ${limit}` : `outside its hours ${limit}`, note);
    case 'stagger':
      return fact.pass ? 'nothing else is starting' : (note ?? 'another load is starting');
    case 'heating-priority':
      return fact.pass ? 'its turn to heat' : `${value ?? 'another source'} heats first`;
    default:
      break;
  }
  const prefix = PREFIX[fact.name] ?? '';
  if (value === null) return note ?? `${prefix}not known`;
  if (limit === null || limit === undefined) return join(`${prefix}${side(value)}`, note);
  if (typeof value === 'string' || typeof limit === 'string') return join(`${prefix}${side(value)}`, note);
  if (fact.relation === undefined) return join(`${prefix}${side(value)} of ${side(limit)}`, note);
  const holds = compares(value, fact.relation, limit);
  const relation = holds ? fact.relation : FAILED[fact.relation];
  return join(`${prefix}${comparison(value, relation, limit, unit)}`, reservationOf(fact, holds));
}

function compares(value: number, relation: Relation, limit: number): boolean {
  switch (relation) {
    case '≥':
      return value >= limit;
    case '>':
      return value > limit;
    case '≤':
      return value <= limit;
    case '<':
      return value < limit;
  }
}

/** Steps per unit that an owner reads; finer ones only where the rounded numbers would say the contrary. */
const SHOWN_STEPS: Partial<Record<Gate['unit'], number>> = { V: 100, W: 1, '°C': 10, h: 100, Wh: 1 };
const FINEST_STEPS = 1e6;

function comparison(value: number, relation: Relation, limit: number, unit: Gate['unit']): string {
  const coarsest = SHOWN_STEPS[unit];
  if (coarsest === undefined) return `${amount(value, unit)} ${relation} ${amount(limit, unit)}`;
  let steps = coarsest;
  while (steps < FINEST_STEPS && !compares(round(value, steps), relation, round(limit, steps))) steps *= 10;
  return `${signed(value, steps)} ${unit} ${relation} ${signed(limit, steps)} ${unit}`;
}

/** Why a gate does not (yet) follow from its numbers. */
function reservationOf(fact: GateFact, holds: boolean): string | undefined {
  if (fact.note !== undefined) return fact.note;
  if (fact.applies === false) return 'does not apply now';
  if (fact.pass === holds) return undefined;
  if (!fact.pass) return fact.name === 'import' ? undefined : 'still counts what was missing before';
  if (fact.leftMs !== undefined && fact.leftMs > 0) return `${duration(fact.leftMs / 1000)} left`;
  return 'not acted upon now';
}

const PREFIX: Partial<Record<Gate['name'], string>> = {
  sun: 'sun ',
  excess: 'excess ',
  available: 'available ',
  'reserved-for-higher': 'left by higher priorities ',
  inverter: 'inverter ',
  runtime: 'ran ',
  'predicted-voltage': 'predicted ',
  'zone-temperature': 'zone ',
};

function join(text: string, note: string | undefined): string {
  return note === undefined ? text : `${text} (${note})`;
}
