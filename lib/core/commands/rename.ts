/** The load of a command once its device has another key: a charger, and what a load has left on, are named by it. */
export function renamedLoadId(loadId: string, from: string, to: string): string {
  const named = /^(charge:|left:fan:|left:)(.*)$/.exec(loadId);
  return named?.[2] === from ? `${named[1]}${to}` : loadId;
}
