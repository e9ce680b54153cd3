import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const MAX_FILE_BYTES = 2_000_000;
const KEPT_FILES = 4;
const LEVELS: Record<number, string> = { 40: 'warning: ', 50: 'error: ', 60: 'fatal: ' };

export interface LogLine {
  text: string;
  /** More for the log file: a stack trace. */
  detail: string | null;
}

/** A pino JSON line as a person reads it (`message key=value …`); any other line as it is. */
export function readableLine(line: string): LogLine {
  if (!line.startsWith('{')) return { text: line, detail: null };
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { text: line, detail: null };
  }
  const {
    level,
    time: _time,
    msg,
    err,
    stack,
    pid: _pid,
    hostname: _hostname,
    part: _part,
    ...fields
  } = entry;
  const error = err && typeof err === 'object' ? (err as Record<string, unknown>) : null;
  const values = Object.entries(fields).map(([name, value]) => `${name}=${shown(value)}`);
  const reason = error ? [String(error.message ?? error.type ?? 'unknown error')] : [];
  const message = [msg === undefined ? '' : String(msg), ...reason].filter(Boolean).join(': ');
  return {
    text: `${LEVELS[Number(level)] ?? ''}${[message, ...values].filter(Boolean).join(' ')}`,
    detail: [error?.stack, stack].find((trace): trace is string => typeof trace === 'string') ?? null,
  };
}

function shown(value: unknown): string {
  if (typeof value === 'string') return /[\s=]/.test(value) || value === '' ? JSON.stringify(value) : value;
  return JSON.stringify(value);
}

/** Appends to `<logDir>/commandcenter.log`, keeping four older files. Never throws: a full disk must not end the launcher. */
export function openLogFile(
  logDir: string,
  maxBytes = MAX_FILE_BYTES,
): { write(text: string): void; close(): void } {
  const path = join(logDir, 'commandcenter.log');
  let file: number | null = null;
  let size = 0;

  const open = () => {
    mkdirSync(logDir, { recursive: true, mode: 0o700 });
    file = openSync(path, 'a', 0o600);
    size = statSync(path).size;
  };
  const rotate = () => {
    if (file !== null) closeSync(file);
    file = null;
    for (let number = KEPT_FILES; number >= 1; number--) {
      const older = number === 1 ? path : `${path}.${number - 1}`;
      if (statSync(older, { throwIfNoEntry: false })) renameSync(older, `${path}.${number}`);
    }
  };

  return {
    write(text) {
      try {
        if (file === null) open();
        if (size > maxBytes) {
          rotate();
          open();
        }
        if (file !== null) size += writeSync(file, text);
      } catch {
        // Said on the console already; the health page shows a full disk.
      }
    },
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

export type Source = 'launcher' | 'database' | 'web' | 'worker';

export interface Console {
  /** One line of a process's log, to the terminal and to the file. */
  line(source: Source, text: string): void;
  /** For the person at the terminal only; what holds a one-time code never reaches the file. */
  announce(text: string): void;
  close(): void;
}

/** Everything the processes say, as one readable log. `onBroken` is called once when nobody reads stdout any more. */
export function openConsole(logDir: string, onBroken: () => void): Console {
  const file = openLogFile(logDir);
  let broken = false;
  process.stdout.on('error', () => {
    if (broken) return;
    broken = true;
    onBroken();
  });
  const print = (text: string) => {
    if (!broken) process.stdout.write(`${text}\n`);
  };
  return {
    line(source, text) {
      const now = new Date();
      const { text: readable, detail } = readableLine(text);
      print(`${now.toTimeString().slice(0, 8)} ${source.padEnd(8)} ${readable}`);
      file.write(`${now.toISOString()} ${source.padEnd(8)} ${readable}\n${detail ? `${detail}\n` : ''}`);
    },
    announce: print,
    close: () => file.close(),
  };
}
