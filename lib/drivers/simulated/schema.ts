import { z } from 'zod';

const zone = z.string().trim().min(1).max(60).describe('Room of the simulated house it stands in');
const ratedW = z.number().min(10).max(20_000).describe('Full draw in W');

/** drop: it never arrives · mute: done, the answer is lost · lie: yes, and nothing happens · idle: on and stays at 0 W. */
const FAULT_KINDS = [
  'drop',
  'mute',
  'refuse',
  'lie',
  'idle',
  'delay',
  'duplicate',
  'revert',
  'reboot',
] as const;

const fault = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  asks: z.enum(['on', 'off']).optional().describe('Befalls only commands that ask for this'),
  share: z.number().min(0).max(1).optional().describe('Share of the commands it befalls; left out: all'),
  times: z.int().min(1).max(10_000).optional().describe('Befalls so many commands and no more'),
  seconds: z
    .number()
    .min(0)
    .max(86_400)
    .optional()
    .describe('How late, how long silent, or after what time it is undone or repeated; left out: 60'),
  seed: z.int().min(0).max(2_147_483_647).optional(),
});
export type SimulatedFault = z.infer<typeof fault>;

const faults = z
  .array(fault)
  .max(8)
  .optional()
  .describe('How it fails when it is switched, for rehearsal; the first that applies');

/** The connection settings of one simulated device: which part of the simulated house it is. */
export const simulatedConnection = z.discriminatedUnion('part', [
  z.strictObject({
    part: z.literal('inverter'),
    seed: z
      .int()
      .min(0)
      .max(2_147_483_647)
      .optional()
      .describe('Weather and habits of the house; the same seed gives the same year'),
    weather: z.enum(['mixed', 'clear', 'broken', 'overcast']).optional(),
    grid: z.boolean().optional().describe('The house also has a grid connection'),
    fault_share: z
      .number()
      .min(0)
      .max(0.5)
      .optional()
      .describe('Share of samples that come late, missing or absurd'),
  }),
  z.strictObject({ part: z.literal('miner'), rated_w: ratedW, zone: zone.optional(), faults }),
  z.strictObject({ part: z.literal('plug'), rated_w: ratedW, zone: zone.optional(), faults }),
  z.strictObject({ part: z.literal('heater'), rated_w: ratedW, zone, faults }),
  z.strictObject({ part: z.literal('fan'), zone, faults }),
  z.strictObject({
    part: z.literal('thermometer'),
    zone,
    floor_m2: z.number().min(2).max(500).optional().describe('Size of the room'),
    holds_battery: z.boolean().optional().describe('The battery bank stands in this room'),
  }),
]);
export type SimulatedConnection = z.infer<typeof simulatedConnection>;
