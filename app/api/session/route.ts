import { clearedSessionCookie, sessionCookie, sessionSecret } from '@/lib/auth/cookie';
import { signInInput } from '@/lib/auth/schema';
import { revokeSession } from '@/lib/auth/sessions';
import { signInWithPassword } from '@/lib/auth/sign-in';
import { endpoint, noContent, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  POST: endpoint({
    access: 'open',
    body: signInInput,
    handle: async ({ db, body, request }) => {
      const secret = await signInWithPassword(db, body, request.headers.get('user-agent'));
      return noContent({ 'Set-Cookie': sessionCookie(secret, request.headers) });
    },
  }),
  DELETE: endpoint({
    access: 'read',
    handle: async ({ db, request }) => {
      const secret = sessionSecret(request.headers);
      if (secret !== null) await revokeSession(db, secret);
      return noContent({ 'Set-Cookie': clearedSessionCookie(request.headers) });
    },
  }),
});
