import { type Baseline, BaselineRun, ChangedRun } from '@/lib/core/replay/what-if';
import { changedConfig } from '@/lib/replay/change';
import type { ParsedPast } from '@/lib/replay/parse';
import type { Answer, Question } from './messages';

interface ReplayerOptions {
  /** The past and today's settings; rejects with a sentence for the owner. */
  readonly load: () => Promise<ParsedPast>;
  readonly answer: (answer: Answer) => void;
  /** Lets what has arrived meanwhile be heard. */
  readonly pause: () => Promise<void>;
}

/** Rows between two looks at what has arrived: a few milliseconds. */
const ROWS_AT_ONCE = 4096;

interface Known extends ParsedPast {
  readonly version: string;
  readonly baseline: Baseline;
}

/** Answers one question after the other, the newest only; keeps the past and today's run while settings stay. */
export class Replayer {
  private known: Known | null = null;
  private newest: Question | null = null;
  private isBusy = false;

  constructor(private readonly options: ReplayerOptions) {}

  /** Resolves once nothing is left to answer. */
  async ask(question: Question): Promise<void> {
    this.newest = question;
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      for (let current: Question | null = question; current !== null; ) {
        await this.reply(current);
        current = this.newest === current ? null : this.newest;
      }
    } finally {
      this.isBusy = false;
    }
  }

  private async reply(question: Question): Promise<void> {
    const { answer } = this.options;
    const { run } = question;
    try {
      const known = await this.knownFor(question);
      if (known === null || this.newest !== question) return;
      const changed = new ChangedRun(known.baseline, changedConfig(known.config, question.change));
      const isVoid = () => this.newest !== question;
      if (!(await this.finish(changed, { from: 0.5, share: 0.5, isVoid }))) return;
      answer({ run, kind: 'done', whatIf: changed.result() });
    } catch (error) {
      answer({ run, kind: 'failed', problem: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Null when a newer question has come. */
  private async knownFor(question: Question): Promise<Known | null> {
    if (this.known?.version === question.version) return this.known;
    this.known = null;
    const past = await this.options.load();
    const baseline = new BaselineRun(past.history, past.config);
    const isVoid = () => this.newest?.version !== question.version;
    if (!(await this.finish(baseline, { from: 0, share: 0.5, isVoid }))) return null;
    this.known = { ...past, version: question.version, baseline: baseline.result() };
    return this.known;
  }

  /** In pieces; false once nobody waits for it any more. Whoever asked last hears how far it is. */
  private async finish(
    work: { readonly progress: number; run(rows: number): boolean },
    { from, share, isVoid }: { from: number; share: number; isVoid: () => boolean },
  ): Promise<boolean> {
    const { answer, pause } = this.options;
    while (!work.run(ROWS_AT_ONCE)) {
      if (this.newest !== null) {
        answer({ run: this.newest.run, kind: 'progress', share: from + share * work.progress });
      }
      await pause();
      if (isVoid()) return false;
    }
    return true;
  }
}
