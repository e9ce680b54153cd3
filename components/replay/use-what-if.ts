'use client';

import { useEffect, useRef, useState } from 'react';
import type { WhatIf } from '@/lib/core/replay/types';
import type { SettingsChange } from '@/lib/replay/change';
import type { Answer, Question } from './messages';

export interface WhatIfState extends Partial<WhatIf> {
  /** 0–1 while a newer change than the one shown is being replayed; null when what is shown is up to date. */
  readonly progress: number | null;
  /** Why there is nothing to show, in a sentence. */
  readonly problem: string | null;
}

const NOTHING_CHANGED: SettingsChange = {};

/**
 * Replays the last 30 days with a change of settings that is not saved yet, in a web worker: today, changed, the
 * difference, and the replay's own error. The newest change wins, and the page never waits. `change` may be a new
 * object at every rendering; `version` is the stored configuration's, so that a save replays today anew.
 */
export function useWhatIf(change: SettingsChange | null, version: string | number): WhatIfState {
  const worker = useRef<Worker | null>(null);
  const run = useRef(0);
  const [whatIf, setWhatIf] = useState<WhatIf | null>(null);
  const [progress, setProgress] = useState<number | null>(0);
  const [problem, setProblem] = useState<string | null>(null);

  useEffect(() => {
    const started = new Worker(new URL('./what-if.worker.ts', import.meta.url), { type: 'module' });
    worker.current = started;
    started.onmessage = ({ data }: MessageEvent<Answer>) => {
      if (data.run !== run.current) return;
      if (data.kind === 'progress') {
        setProgress(data.share);
        return;
      }
      setProgress(null);
      setProblem(data.kind === 'failed' ? data.problem : null);
      if (data.kind === 'done') setWhatIf(data.whatIf);
    };
    started.onerror = () => {
      setProgress(null);
      setProblem('This browser could not start the replay.');
    };
    return () => {
      started.terminate();
      worker.current = null;
    };
  }, []);

  const asked = JSON.stringify(change ?? NOTHING_CHANGED);
  useEffect(() => {
    run.current += 1;
    setProgress(0);
    setProblem(null);
    const question: Question = { run: run.current, change: JSON.parse(asked), version: String(version) };
    worker.current?.postMessage(question);
  }, [asked, version]);

  return { ...whatIf, progress, problem };
}
