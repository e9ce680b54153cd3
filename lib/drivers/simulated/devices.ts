import type { MeasuringRole } from '@/lib/core/types';
import type { SimulatedConnection } from './schema';

export interface SimulatedSiteDevice {
  readonly key: string;
  readonly name: string;
  readonly driver: 'simulated';
  readonly connection: SimulatedConnection;
  readonly roles: readonly MeasuringRole[];
  readonly controlEnabled: boolean;
}

/** The owner's site as simulated devices; the keys are those the seeded miners and zones name. */
export const SIMULATED_SITE_DEVICES: readonly SimulatedSiteDevice[] = [
  device('sim_inverter', 'Inverter and battery monitor', { part: 'inverter' }, [
    'battery',
    'pv',
    'load',
    'grid',
  ]),
  device('smartload_1', 'SmartLoad output (Primary S21+)', {
    part: 'miner',
    rated_w: 3878,
    zone: 'Heat Room',
  }),
  device('shelly_s19_1', 'Plug of Dump Load S19 #1', { part: 'miner', rated_w: 3250, zone: 'Heat Room' }),
  device('ac_infinity_1', 'Exhaust fan, Heat Room', { part: 'fan', zone: 'Heat Room' }),
  device('ac_infinity_2', 'Exhaust fan, Main Room', { part: 'fan', zone: 'Main Room' }),
  device('shelly_heater_1', 'Heater plug, Heat Room', { part: 'heater', rated_w: 1500, zone: 'Heat Room' }),
  device('shelly_heater_2', 'Heater plug, Main Room', { part: 'heater', rated_w: 1500, zone: 'Main Room' }),
  device('sim_temp_heat_room', 'Thermometer, Heat Room', {
    part: 'thermometer',
    zone: 'Heat Room',
    floor_m2: 20,
    holds_battery: true,
  }),
  device('sim_temp_main_room', 'Thermometer, Main Room', {
    part: 'thermometer',
    zone: 'Main Room',
    floor_m2: 45,
  }),
];

function device(
  key: string,
  name: string,
  connection: SimulatedConnection,
  roles: readonly MeasuringRole[] = [],
): SimulatedSiteDevice {
  return { key, name, driver: 'simulated', connection, roles, controlEnabled: true };
}
