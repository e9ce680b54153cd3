import { noteSessionEnd, sessionHasEnded } from './auth/session-end';

/** Its answer may have been lost after the work was done. */
export const NO_ANSWER = 'No usable answer came from the server. Whether this was done is not known.';

interface Answered<Answer> {
  readonly answer: Answer;
  readonly etag: string | null;
}

/** Sends a change to the API; resolves to its answer, rejects with a text that the owner can act on. */
export async function send<Answer>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  return (await exchange<Answer>(method, path, { body })).answer;
}

/** The same with the version that the change is made on, and the one that it made. */
export async function exchange<Answer>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  { body, etag }: { readonly body?: unknown; readonly etag?: string },
): Promise<Answered<Answer>> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...(etag !== undefined && { 'If-Match': etag }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Error(NO_ANSWER);
  });
  if (response.status === 401) noteSessionEnd();
  const made = response.headers.get('etag');
  if (response.status === 204) return { answer: undefined as Answer, etag: made };
  const answer = (await response.json().catch(() => null)) as (Answer & { detail?: string }) | null;
  if (!response.ok || answer === null) throw new Error(answer?.detail ?? NO_ANSWER);
  return { answer, etag: made };
}

/** Reads from the API; rejects where it does not answer well, and without asking once the session has ended. */
export async function read<Answer>(path: string): Promise<Answer> {
  if (sessionHasEnded()) throw new Error('You are signed out.');
  const response = await fetch(path, { cache: 'no-store' });
  if (response.status === 401) noteSessionEnd();
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  return (await response.json()) as Answer;
}
