import { resolve } from 'node:path';
import { z } from 'zod';

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  COMMANDCENTER_DATA: z
    .string()
    .min(1)
    .default('.data')
    .transform((path) => resolve(path)),
});

/** The settings that web and worker read from their environment; throws naming what is missing. */
export function readEnvironment(source: NodeJS.ProcessEnv = process.env) {
  const parsed = environment.safeParse(source);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.')).join(', ');
    throw new Error(`Environment incomplete: ${names}. Start through "npm start", which sets it.`);
  }
  return { databaseUrl: parsed.data.DATABASE_URL, dataDirectory: parsed.data.COMMANDCENTER_DATA };
}
