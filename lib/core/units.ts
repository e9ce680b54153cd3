export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
export const MINUTES_PER_DAY = DAY_MS / MINUTE_MS;
/** Energies are summed in W·ms, whole numbers that add up exactly. */
export const WMS_PER_WH = 3_600_000;
export const WMS_PER_KWH = 1000 * WMS_PER_WH;
