import { z } from 'zod';
import { CONTROL_MODES } from '@/lib/core/types';

export const modeInput = z.strictObject({ control_mode: z.enum(CONTROL_MODES) });
