import type { WireStatus } from '@/lib/status/serialise';

export const FLOW_NODES = ['solar', 'grid', 'battery', 'house', 'loads'] as const;
export type FlowNode = (typeof FLOW_NODES)[number];

export interface FlowLine {
  readonly node: FlowNode;
  /** W, ≥ 0; null = not known. */
  readonly watts: number | null;
  /** Towards the middle, away from it, or neither (nothing flows, or it is not known). */
  readonly direction: 'in' | 'out' | 'none';
}

/** Below this nothing flows for the eye, W. */
const STILL_W = 20;

function line(node: FlowNode, watts: number | null): FlowLine {
  if (watts === null || Math.abs(watts) < STILL_W)
    return { node, watts: watts === null ? null : Math.abs(watts), direction: 'none' };
  return { node, watts: Math.abs(watts), direction: watts > 0 ? 'in' : 'out' };
}

/**
 * Who gives to the house's bus and who takes from it now. Miners and heaters count by what is measured of them; one
 * without a device draws nothing that is known of.
 */
export function flowsOf({ readings, loads, budget }: WireStatus): readonly FlowLine[] {
  const battery = readings.battery_power_w.value;
  const drawsW = loads
    .filter(({ kind, observed, device_key }) => kind !== 'fan' && observed !== 'off' && device_key !== null)
    .map(({ power_w }) => power_w);
  const ownW = drawsW.reduce((sum, watts) => (sum === null || watts === null ? null : sum + watts), 0);
  const out = (watts: number | null): number | null => (watts === null ? null : -watts);
  return [
    line('solar', readings.pv_w.value),
    line('grid', readings.grid_w.value),
    line('battery', out(battery)),
    line('house', out(budget.house_w)),
    line('loads', out(ownW)),
  ];
}
