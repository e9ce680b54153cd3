/**
 * Preloaded into web and worker. An open event stream keeps Next from ending on SIGTERM, and a killed
 * launcher cannot send one at all: in both cases the process ends by itself within the grace.
 */
const graceMs = Number(process.env.COMMANDCENTER_EXIT_GRACE_MS ?? 2000);

function endSoon(): void {
  setTimeout(() => process.exit(0), graceMs).unref();
}

process.once('SIGTERM', endSoon);
process.once('SIGINT', endSoon);
// The channel closes with the launcher. Nobody reads an exit code then, and an exit that waits (for a write on a slow
// disk) would keep the lead and the port from the next launcher's children.
process.once('disconnect', () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
  process.kill(process.pid, 'SIGTERM');
});
// The launcher read these pipes; without it a log line must not become an endless error.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});
