import { pino } from 'pino';

/** One JSON line per event on stdout; the launcher prints it readably. Secrets never reach it. */
export const log = pino({
  level: process.env.LOG_LEVEL ?? 'info',
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: {
    paths: ['password', 'token', 'connection', '*.password', '*.token', '*.connection', 'authorization'],
    censor: '(hidden)',
  },
});
