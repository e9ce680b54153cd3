/** Sends a change to the API; resolves to its answer, rejects with a text that the owner can act on. */
export async function send<Answer>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(path, {
    method,
    ...(body !== undefined && {
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  }).catch(() => {
    throw new Error('The server does not answer. Nothing was changed.');
  });
  if (response.status === 204) return undefined as Answer;
  const answer = (await response.json().catch(() => null)) as (Answer & { detail?: string }) | null;
  if (!response.ok || answer === null) throw new Error(answer?.detail ?? 'It was not stored. Try again.');
  return answer;
}

/** Reads from the API; rejects where it does not answer well. */
export async function read<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path, { cache: 'no-store' });
  if (!response.ok) throw new Error(`${path} answered ${response.status}.`);
  return (await response.json()) as Answer;
}
