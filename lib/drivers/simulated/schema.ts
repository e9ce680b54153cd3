import { z } from 'zod';

const zone = z.string().trim().min(1).max(60).describe('Room of the simulated house it stands in');
const ratedW = z.number().min(10).max(20_000).describe('Full draw in W');

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
  z.strictObject({ part: z.literal('miner'), rated_w: ratedW, zone: zone.optional() }),
  z.strictObject({ part: z.literal('plug'), rated_w: ratedW, zone: zone.optional() }),
  z.strictObject({ part: z.literal('heater'), rated_w: ratedW, zone }),
  z.strictObject({ part: z.literal('fan'), zone }),
  z.strictObject({
    part: z.literal('thermometer'),
    zone,
    floor_m2: z.number().min(2).max(500).optional().describe('Size of the room'),
    holds_battery: z.boolean().optional().describe('The battery bank stands in this room'),
  }),
]);
export type SimulatedConnection = z.infer<typeof simulatedConnection>;
