import type { ModeRow } from './queries';

export function serialiseMode(row: ModeRow) {
  return {
    control_mode: row.controlMode,
    mode_since: row.modeSince.toISOString(),
    mode_by: row.modeBy,
    charge_block: row.chargeBlock,
  };
}
