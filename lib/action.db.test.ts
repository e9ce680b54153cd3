import { redirect } from 'next/navigation';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSite } from '@/test/api';
import { openFormAction } from './action';
import { AppError } from './errors';

openSite();

const schema = z.strictObject({ email: z.string().min(3), password: z.string().min(3) });

function submit(
  handle: Parameters<typeof openFormAction<typeof schema>>[2],
  fields: Record<string, string | Blob>,
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return openFormAction('test', schema, handle)({}, form);
}
const GOOD = { email: 'me@example.com', password: 'hunter22' };

describe('a form action', () => {
  it('takes the fields, not what Next and a file input add', async () => {
    let seen: unknown;
    await submit(
      async (_db, input) => {
        seen = input;
        return {};
      },
      { ...GOOD, $ACTION_ID_abc: '', file: new Blob(['x']) },
    );
    expect(seen).toEqual(GOOD);
  });

  it('names refused fields and gives back what was typed, but no password', async () => {
    const state = await submit(async () => ({}), { email: 'me', password: 'hunter22' });
    expect(state.fieldErrors).toEqual({ email: 'must be at least 3 characters' });
    expect(state.values).toEqual({ email: 'me' });
    expect(JSON.stringify(state)).not.toContain('hunter22');
  });

  it('refuses a field that the form does not have', async () => {
    const state = await submit(async () => ({}), { ...GOOD, role: 'admin' });
    expect(state.fieldErrors).toHaveProperty('role');
  });

  it('passes a refusal on and keeps a fault to the log', async () => {
    const refused = await submit(async () => {
      throw new AppError('rate_limited', 'Too many attempts.');
    }, GOOD);
    expect(refused.error).toBe('Too many attempts.');
    const failed = await submit(async () => {
      throw new Error('password hunter22 in a stack');
    }, GOOD);
    expect(failed.error).toMatch(/under [0-9a-f-]{36}\.$/);
    expect(JSON.stringify(failed)).not.toContain('hunter22');
    const away = await submit(async () => {
      throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
    }, GOOD);
    expect(away.error).toContain('database is not available');
  });

  it('lets a redirect through', async () => {
    await expect(submit(async () => redirect('/'), GOOD)).rejects.toThrow('NEXT_REDIRECT');
  });
});
