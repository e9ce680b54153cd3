import { LaunchError } from './launch-error';

/** Runs a command of one word to its end: what it has to say when it fails goes to stderr, its exit code is 1. */
export function runCommand(
  main: () => Promise<void>,
  isExpected: (error: Error) => boolean = () => false,
): void {
  main().then(
    () => process.exit(0),
    (error: unknown) => {
      const known = error instanceof Error && (error instanceof LaunchError || isExpected(error));
      process.stderr.write(`${known ? error.message : error instanceof Error ? error.stack : error}\n`);
      process.exit(1);
    },
  );
}
