/** The zone that is always `hours` ahead of UTC; its name has the sign turned round. */
export function fixedZone(hours: number): string {
  return `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`;
}
