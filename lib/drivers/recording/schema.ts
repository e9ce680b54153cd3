import { z } from 'zod';
import { isKnownZone, isTimeZone } from '@/lib/core/time-zone';

/** The recording that ships with CommandCenter. */
export const SHIPPED_RECORDING = 'home-a';

const scale = z.number().min(0).max(100);

/** Connection settings of a recording as they are entered: which file is played, and how. */
export const recordingConnection = z.strictObject({
  file: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .refine((name) => name === SHIPPED_RECORDING || /\.csv(\.gz)?$/i.test(name), {
      message: `Must be "${SHIPPED_RECORDING}" or the name of a .csv or .csv.gz file in the recordings folder`,
    })
    .default(SHIPPED_RECORDING)
    .describe('File in the recordings folder, or the shipped year'),
  time_zone: z
    .string()
    .refine(isTimeZone, { message: 'Must be an IANA time zone such as Europe/Paris' })
    .optional()
    .describe('Zone whose wall clock the recorded house lived by; yours if left out'),
  pv_scale: scale.default(1).describe('Factor on the recorded PV power'),
  load_scale: scale.default(1).describe('Factor on the recorded load'),
  grid: z
    .boolean()
    .default(true)
    .describe('While the battery is simulated: the grid takes and gives what PV and battery cannot'),
});

/** As they are stored, maybe since abbreviations of zones were taken too. */
export const storedRecordingConnection = recordingConnection.extend({
  time_zone: z.string().refine(isKnownZone).optional(),
});
export type RecordingConnection = z.infer<typeof recordingConnection>;
