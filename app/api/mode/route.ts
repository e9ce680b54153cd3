import { AppError } from '@/lib/errors';
import { setMode } from '@/lib/mode/mutations';
import { getMode } from '@/lib/mode/queries';
import { modeInput } from '@/lib/mode/schema';
import { serialiseMode } from '@/lib/mode/serialise';
import { endpoint, json, route } from '@/lib/route';

export const { GET, POST, PUT, DELETE, PATCH, HEAD, OPTIONS } = route({
  GET: endpoint({
    access: 'read',
    handle: async ({ db, principal }) => {
      const mode = await getMode(db, principal.ownerId);
      if (mode === null) throw new AppError('not_found', 'There is no site under this account.');
      return json(serialiseMode(mode));
    },
  }),
  PUT: endpoint({
    access: 'control',
    body: modeInput,
    handle: async ({ db, principal, body }) => {
      const { ownerId, actor } = principal;
      const { control_mode: controlMode, charge_block: chargeBlock } = body;
      return json(serialiseMode(await setMode(db, { ownerId, actor, controlMode, chargeBlock })));
    },
  }),
});
