/**
 * `npm run crash-commands -- [--kills 50] [--seed N]`: kill -9 of the worker inside a command, at random moments, against
 * plugs in another process that keep their own log. No on may come twice, no off may be lost, and no call may reach a
 * plug that the ledger does not know of.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '@/lib/launcher/free-port';
import { startPostgres } from '@/lib/launcher/postgres';
import { crashRounds } from '@/test/crash/rounds';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string' } },
});
const kills = Number(values.kills);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 32));
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) {
  console.error('Usage: npm run crash-commands -- [--kills 50] [--seed N]  (whole numbers)');
  process.exit(1);
}

const dataDir = mkdtempSync(join(tmpdir(), 'commandcenter-crash-commands-'));
const server = await startPostgres({ dataDir, port: await freePort() });
let failed = true;
try {
  console.log(`seed ${seed}`);
  const figures = await crashRounds({ url: server.url('postgres'), kills, seed, onRound: console.log });
  console.log(
    [
      `${figures.insideCommand} kills inside a command, of ${figures.rounds}; by the last stored step: ${JSON.stringify(figures.killedAt)}`,
      `the plugs' own log: ${figures.onsReceived} ons, ${figures.offsReceived} offs, ${figures.autoOffs} by their own timer`,
      `ons twice: ${figures.onsTwice} · offs lost: ${figures.offsLost} · calls unknown to the ledger: ${figures.unaccounted}`,
    ].join('\n'),
  );
  failed = figures.onsTwice + figures.offsLost + figures.unaccounted > 0;
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
