/** The path of a Chromium that starts. @throws Error when there is none and none could be installed. */
export function findBrowser(): Promise<string>;
