/** What commands are for, where it is no load of the configuration. */

const CHARGE = 'charge:';
const LEFT = 'left:';

/** The charge permission of a charger. */
export const chargeLoadId = (deviceKey: string): string => `${CHARGE}${deviceKey}`;

export const isCharge = (loadId: string): boolean => loadId.startsWith(CHARGE);

/** The load of the off that a device is sent because nobody switches it any more. */
export const leftId = (deviceKey: string, isFan: boolean): string =>
  `${LEFT}${isFan ? 'fan:' : ''}${deviceKey}`;

export const isLeft = (loadId: string): boolean => loadId.startsWith(LEFT);

/** Whether a command is to a fan, of a zone or left on by one. */
export const isToFan = (loadId: string): boolean => /^(left:)?fan:/.test(loadId);

/** The load of a command once its device has another key: a charger, and what a load has left on, are named by it. */
export function renamedLoadId(loadId: string, from: string, to: string): string {
  const named = /^(charge:|left:fan:|left:)(.*)$/.exec(loadId);
  return named?.[2] === from ? `${named[1]}${to}` : loadId;
}
