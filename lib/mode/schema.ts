import { z } from 'zod';
import { CHARGE_BLOCK_ANSWERS } from '@/lib/core/commands/types';
import { CONTROL_MODES } from '@/lib/core/types';

export const modeInput = z.strictObject({
  control_mode: z.enum(CONTROL_MODES).optional(),
  /** What becomes of a charge block that outlived automatic control. */
  charge_block: z.enum(CHARGE_BLOCK_ANSWERS).optional(),
});
