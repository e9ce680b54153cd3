import { explain } from '@/lib/core/explain';
import { faultOfFlip } from '@/lib/core/flip-check.case';
import { type RecordedTick, replayExact } from '@/lib/core/replay/exact';
import type { DecideResult, KernelConfig, Memory, Snapshot } from '@/lib/core/types';
import { minuteOhm } from '@/lib/drivers/site-physics/battery';
import { fromTelemetryRow, telemetryRow } from '@/lib/telemetry/row';
import { ResistanceWatch } from '@/lib/worker/resistance-watch';
import type { AuditFigures } from './figures';
import type { Plant } from './plant';
import { TICK_SECONDS } from './site';

const TICKS_PER_DAY = 86_400 / TICK_SECONDS;
/** The day that is logged and replayed: the first one with a whole day behind it. */
const LOGGED_DAY = 1;
/** One load is asked for its flip this often: not a divisor of the day, so that every hour comes up. */
const FLIP_EVERY_TICKS = 1511;
/** Below this share of charge R rises up to threefold from one per cent to the next: no single number holds it. */
const LEAST_CHARGE = 0.1;
/** A year need not take longer than a week. */
const MOST_ASKED = 40;

interface AuditedTick {
  readonly snapshot: Snapshot;
  readonly before: Memory | null;
  readonly result: DecideResult;
  readonly plant: Plant;
}

/** What the kernel says of itself, held against the simulated truth: its flips, its log, its estimate of R. */
export class Audit {
  readonly figures: AuditFigures = {
    flips: 0,
    wrongFlips: 0,
    firstWrongFlip: null,
    verdicts: 0,
    otherVerdicts: 0,
    estimates: 0,
    covering: 0,
    worstErrorShare: null,
  };
  private readonly watch = new ResistanceWatch();
  private readonly log: RecordedTick[] = [];
  private readonly logged: string[][] = [];
  private ticks = 0;
  private asked = 0;

  constructor(private readonly config: KernelConfig) {}

  /** Whether the memory that the next tick begins with must be kept for it. */
  get wantsMemory(): boolean {
    return this.ticks === LOGGED_DAY * TICKS_PER_DAY || this.isAsked(this.ticks);
  }

  /** One tick of the kernel. `before`: the memory it began with, where that was wanted. */
  tick({ snapshot, before, result, plant }: AuditedTick): void {
    if (Math.floor(this.ticks / TICKS_PER_DAY) === LOGGED_DAY) this.record(snapshot, before, result);
    if (before !== null && this.isAsked(this.ticks)) this.checkFlip(snapshot, before, result);
    this.ticks += 1;
    this.watch.observe(snapshot, this.config.preferences, true);
    if (this.ticks % TICKS_PER_DAY === 0) this.checkEstimate(plant);
  }

  /** Replays the logged day. */
  finish(): AuditFigures {
    const { figures, log, logged } = this;
    let row = 0;
    replayExact(log, {
      each: ({ loads }) => {
        const was = logged[row++] ?? [];
        for (const [i, { verdict, binding }] of loads.entries()) {
          figures.verdicts += 1;
          if (was[i] !== said(verdict, binding)) figures.otherVerdicts += 1;
        }
      },
    });
    this.log.length = 0;
    return figures;
  }

  private isAsked(tick: number): boolean {
    return this.asked < MOST_ASKED && tick % FLIP_EVERY_TICKS === FLIP_EVERY_TICKS - 1;
  }

  /** As the worker logs it: one row, read back. */
  private record(snapshot: Snapshot, memory: Memory | null, { decisions }: DecideResult): void {
    const first = this.log.length === 0;
    const row = telemetryRow({
      ownerId: '',
      snapshot,
      config: this.config,
      configVersion: 1,
      voltageSocPct: null,
      simulated: true,
      memory: null,
    });
    const read = fromTelemetryRow({ ...JSON.parse(JSON.stringify(row)), ts: row.ts });
    this.log.push({ snapshot: read.snapshot, config: this.config, memory: first ? memory : null });
    this.logged.push(decisions.map(({ verdict, binding }) => said(verdict, binding)));
  }

  private checkEstimate(plant: Plant): void {
    const { battery } = plant.state;
    const estimate = this.watch.inUse(battery.temperatureC);
    if (estimate === null || battery.soc < LEAST_CHARGE) return;
    const { figures } = this;
    const truthOhm = minuteOhm(battery, plant.battery);
    const { lowOhm, highOhm } = estimate;
    figures.estimates += 1;
    if (lowOhm <= truthOhm && truthOhm <= highOhm) figures.covering += 1;
    const errorShare = Math.abs((lowOhm + highOhm) / 2 - truthOhm) / truthOhm;
    figures.worstErrorShare = Math.max(figures.worstErrorShare ?? 0, errorShare);
  }

  private checkFlip(snapshot: Snapshot, memory: Memory, { decisions }: DecideResult): void {
    const { figures } = this;
    const loadId = decisions[this.asked++ % decisions.length]?.loadId ?? '';
    const input = { snapshot, config: this.config, memory };
    const { flip } = explain(input, loadId);
    if (flip.kind !== 'change') return;
    figures.flips += 1;
    const fault = faultOfFlip(input, loadId, flip);
    if (fault === null) return;
    figures.wrongFlips += 1;
    figures.firstWrongFlip ??= `${loadId} at ${new Date(snapshot.now).toISOString()}: "${flip.text}" ${fault}`;
  }
}

function said(verdict: string, binding: string | null): string {
  return `${verdict} ${binding ?? ''}`;
}
