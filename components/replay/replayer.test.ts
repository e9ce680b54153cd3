import { describe, expect, it } from 'vitest';
import { historyOf } from '@/lib/core/replay/history';
import { siteConfig, siteSnapshot, T0 } from '@/lib/core/scenario.case';
import type { Answer, Question } from './messages';
import { Replayer } from './replayer';

const MINUTES = 10_000;
const config = siteConfig();
const history = historyOf(
  Array.from({ length: MINUTES }, (_, i) => {
    const readings = { v: 51 + Math.sin(i / 200) * 3, pv: i % 1440 > 700 ? 7000 : 0, load: 900, grid: 0 };
    return { ...siteSnapshot(T0 + i * 60_000, readings), tickSeconds: 60 };
  }),
  null,
);

function replayer(
  during: (asked: number) => Question | null = () => null,
  load = async () => ({ history, config }),
) {
  const answers: Answer[] = [];
  let loads = 0;
  let pauses = 0;
  const made: Replayer = new Replayer({
    load: () => {
      loads++;
      return load();
    },
    answer: (answer) => void answers.push(answer),
    pause: async () => {
      const question = during(pauses++);
      if (question) void made.ask(question);
    },
  });
  const done = () => answers.filter(({ kind }) => kind !== 'progress');
  return { made, answers, done, loads: () => loads };
}

const off = { miners: { primary: { enabled: false } } };

describe('a replayer', () => {
  it('answers with progress on the way, and reads the past once while the settings stay', async () => {
    const { made, answers, done, loads } = replayer();
    await made.ask({ run: 1, change: {}, version: '1' });
    await made.ask({ run: 2, change: off, version: '1' });
    expect(loads()).toBe(1);
    const shares = answers.flatMap((answer) =>
      answer.kind === 'progress' && answer.run === 1 ? answer.share : [],
    );
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const [first, second] = done();
    if (first?.kind !== 'done' || second?.kind !== 'done') throw new Error('not answered');
    expect(first.whatIf.difference.minedKwh).toBe(0);
    expect(second.whatIf.today).toEqual(first.whatIf.today);
    expect(second.whatIf.changed.minedKwh).toBeLessThan(second.whatIf.today.minedKwh);
    await made.ask({ run: 3, change: {}, version: '2' });
    expect(loads()).toBe(2);
  });

  it('drops a question as soon as a newer one has come', async () => {
    const newer: Question = { run: 2, change: off, version: '1' };
    // Three pauses for today, then one within the first answer.
    const { made, done } = replayer((pause) => (pause === 3 ? newer : null));
    await made.ask({ run: 1, change: {}, version: '1' });
    expect(done().map(({ run, kind }) => `${run} ${kind}`)).toEqual(['2 done']);
  });

  it('says why where the past cannot be read, and tries again at the next question', async () => {
    let isBroken = true;
    const { made, done } = replayer(undefined, async () => {
      if (isBroken) throw new Error('Nothing was recorded in this time.');
      return { history, config };
    });
    await made.ask({ run: 1, change: {}, version: '1' });
    expect(done()).toEqual([{ run: 1, kind: 'failed', problem: 'Nothing was recorded in this time.' }]);
    isBroken = false;
    await made.ask({ run: 2, change: {}, version: '1' });
    expect(done()[1]).toMatchObject({ run: 2, kind: 'done' });
  });
});
