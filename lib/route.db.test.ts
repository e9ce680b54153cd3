import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { apiTokens, users } from '@/db/schema';
import { revokeApiToken } from '@/lib/auth/tokens';
import { OWNER_ID } from '@/lib/core/defaults';
import { openSite } from '@/test/api';
import { AppError } from './errors';
import { endpoint, json, route } from './route';

const site = openSite();

/** A plain read that tells for whom it was made, and how often it was. */
function plainRead() {
  const madeFor: string[] = [];
  const { GET } = route({
    GET: endpoint({
      access: 'read',
      isPlainRead: true,
      handle: async ({ principal }) => {
        madeFor.push(principal.scope);
        if (principal.scope === 'control') throw new AppError('not_found', 'Nothing for you.');
        return json({ scope: principal.scope });
      },
    }),
  });
  const ask = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const response = await GET(new Request('http://site/', { headers }), { params: Promise.resolve({}) });
    return { status: response.status, body: await response.json() };
  };
  return { madeFor, ask };
}

describe('a plain read, prepared while the credential is checked', () => {
  it('is made once per request, from the second one on for the holder known by then', async () => {
    const token = await site().token('read');
    const { madeFor, ask } = plainRead();
    for (let i = 0; i < 3; i++) expect(await ask(token)).toEqual({ status: 200, body: { scope: 'read' } });
    expect(madeFor).toEqual(['read', 'read', 'read']);
  });

  it('never leaves for a credential that was revoked, or is not known', async () => {
    const token = await site().token('read');
    const { ask } = plainRead();
    expect((await ask(token)).status).toBe(200);
    const [{ id } = { id: '' }] = await site()
      .db.select({ id: apiTokens.id })
      .from(apiTokens)
      .orderBy(apiTokens.createdAt)
      .then((rows) => rows.slice(-1));
    await revokeApiToken(site().db, OWNER_ID, id);
    const refused = await ask(token);
    expect(refused.status).toBe(401);
    expect(JSON.stringify(refused.body)).not.toContain('scope');
    expect((await ask(`cc_${'x'.repeat(43)}`)).status).toBe(401);
  });

  it('is made anew where the holder may do less by now, and what that one throws is the answer', async () => {
    const token = await site().token('admin', { ownerId: await site().otherOwner('admin') });
    const { madeFor, ask } = plainRead();
    expect(await ask(token)).toEqual({ status: 200, body: { scope: 'admin' } });
    await site().db.update(users).set({ role: 'user' }).where(eq(users.role, 'admin'));
    expect((await ask(token)).status).toBe(404);
    expect(madeFor).toEqual(['admin', 'admin', 'control']);
    expect((await ask(token)).status).toBe(404);
    expect(madeFor).toEqual(['admin', 'admin', 'control', 'control']);
  });
});
