/** PST is a place in California to a browser, and eight hours behind all year to the database. */
export const isZoneAbbreviation = (name: string): boolean =>
  /^[a-z]{3}$/i.test(name) && !['UTC', 'GMT'].includes(name.toUpperCase());

/** Whether everybody who reads the name means the same clock by it. */
export function isTimeZone(name: string): boolean {
  // Newer engines take an offset too, which knows no summer time.
  return !/^[+-]/.test(name) && !isZoneAbbreviation(name) && isKnownZone(name);
}

/** Whether there is a clock by that name, whatever others mean by it. */
export function isKnownZone(name: string): boolean {
  try {
    // biome-ignore lint/style/noRestrictedGlobals: for settings; no decision asks it.
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
