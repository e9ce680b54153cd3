import { noteSessionEnd } from '@/components/auth/session-end';
import type { Refusal } from '@/lib/action';
import { NO_ANSWER } from './request';

const UNREACHABLE: Refusal = { status: 'refused', error: NO_ANSWER, issues: [] };

/** The answer of a server action; a server that is away refuses too. Tells the page when the session has ended. */
export async function callAction<Result extends { readonly status: string }>(
  action: () => Promise<Result | Refusal>,
): Promise<Result | Refusal> {
  const answer = await action().catch(() => UNREACHABLE);
  if (isRefusal(answer) && answer.code === 'unauthenticated') noteSessionEnd();
  return answer;
}

export function isRefusal(answer: { readonly status: string }): answer is Refusal {
  return answer.status === 'refused';
}
