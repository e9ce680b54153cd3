/** Load ids as `Snapshot.loads` and every decision use them. */
export const minerLoadId = (minerId: string): string => `miner:${minerId}`;
export const heaterLoadId = (zoneId: string): string => `heater:${zoneId}`;
export const fanLoadId = (zoneId: string): string => `fan:${zoneId}`;
