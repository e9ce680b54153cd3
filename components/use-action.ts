'use client';

import { useState } from 'react';
import type { Refusal } from '@/lib/action';
import type { FieldIssue } from '@/lib/errors';
import { callAction, isRefusal } from './call-action';

export interface ActionState<Input, Result> {
  /** Resolves to the answer, or to null where it was refused: `refusal` then says why. */
  readonly run: (input: Input) => Promise<Result | null>;
  readonly isPending: boolean;
  readonly refusal: Refusal | null;
  readonly reset: () => void;
}

/** A server action as a button or a small form uses it. */
export function useAction<Input, Result extends { readonly status: string }>(
  action: (input: Input) => Promise<Result | Refusal>,
): ActionState<Input, Exclude<Result, Refusal>> {
  const [isPending, setPending] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return {
    isPending,
    refusal,
    reset: () => setRefusal(null),
    run: async (input) => {
      setPending(true);
      setRefusal(null);
      const result = await callAction(() => action(input));
      setPending(false);
      if (isRefusal(result)) {
        setRefusal(result);
        return null;
      }
      // What is no refusal is the action's own answer.
      return result as Exclude<Result, Refusal>;
    },
  };
}

/** What was refused at one field, as a sentence under its label. */
export function issueAt(
  issues: readonly FieldIssue[] | undefined,
  path: string,
  label: string,
): string | undefined {
  const issue = issues?.find((candidate) => candidate.path === path);
  if (issue === undefined) return undefined;
  return issue.message.endsWith('.') ? issue.message : `${label} ${issue.message}.`;
}
