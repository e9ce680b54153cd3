// `npm run bench:api`: the REST line of the quality goals. Prints tables; never fails on a slow machine.
// -- --seconds 2 --rounds 3 --warm-up 8
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import postgres from 'postgres';
import { connect } from '@/db/client';
import { createApiToken } from '@/lib/auth/tokens';
import { OWNER_ID } from '@/lib/core/defaults';
import { setUpDatabase } from '@/lib/devices/setup-database';
import { freePort } from '@/lib/launcher/free-port';
import { startPostgres } from '@/lib/launcher/postgres';
import { PlainClient, type PlainRequest } from './api-client';
import { type Stack, startBareDriver, startCommandCenter, startV19 } from './api-stacks';
import { median } from './median';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '8' },
  },
});
const SECONDS = Number(options.seconds);
const ROUNDS = Number(options.rounds);
const WARM_UP_SECONDS = Number(options['warm-up']);

const OPERATIONS = [
  'GET preferences',
  'GET miners',
  'PUT preferences',
  'POST miner',
  'DELETE miner',
] as const;
type Operation = (typeof OPERATIONS)[number];
const CLIENTS = [1, 16] as const;

interface Measured {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  readonly cpuPerRequest: number | null;
}

let counter = 0;
/** Miners that POST has made and DELETE may take. */
const made: string[] = [];

function nextRequest(operation: Operation): PlainRequest | null {
  counter += 1;
  switch (operation) {
    case 'GET preferences':
      return { method: 'GET', path: '/api/preferences' };
    case 'GET miners':
      return { method: 'GET', path: '/api/miners' };
    case 'PUT preferences':
      return { method: 'PUT', path: '/api/preferences', body: { voltage_low: counter % 2 ? 46.5 : 47 } };
    case 'POST miner':
      return {
        method: 'POST',
        path: '/api/miners',
        body: {
          name: `Bench ${counter}`,
          model: 'S19',
          power_draw_watts: 3250,
          priority_level: 5,
          start_voltage: 54.5,
          stop_voltage: 53,
          emergency_stop_voltage: 50,
        },
      };
    case 'DELETE miner': {
      const id = made.pop();
      return id === undefined ? null : { method: 'DELETE', path: `/api/miners/${id}` };
    }
  }
}

/** Sends the operation from so many clients, each waiting for its answer, until the time or the rows are up. */
async function run(stack: Stack, operation: Operation, clients: number, seconds: number): Promise<Measured> {
  const connections = await Promise.all(
    Array.from({ length: clients }, () => PlainClient.open(stack.port, stack.token)),
  );
  const latencies: number[] = [];
  const cpuBefore = stack.cpuMs();
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < until) {
        const request = nextRequest(operation);
        if (request === null) break;
        const sentAt = performance.now();
        const { status, body } = await connection.send(request);
        latencies.push(performance.now() - sentAt);
        if (status >= 300)
          throw new Error(`${stack.name} answered ${operation} with ${status}: ${body.slice(0, 300)}`);
        if (operation === 'POST miner') made.push((JSON.parse(body) as { id: string }).id);
      }
    }),
  );
  const elapsed = performance.now() - startedAt;
  for (const connection of connections) connection.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  const cpuAfter = stack.cpuMs();
  return {
    p50: at(0.5),
    p99: at(0.99),
    perSecond: (latencies.length * 1000) / elapsed,
    cpuPerRequest: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / latencies.length,
  };
}

function medianOf(rounds: readonly Measured[]): Measured {
  const cpu = rounds.flatMap((round) => (round.cpuPerRequest === null ? [] : [round.cpuPerRequest]));
  return {
    p50: median(rounds.map((round) => round.p50)),
    p99: median(rounds.map((round) => round.p99)),
    perSecond: median(rounds.map((round) => round.perSecond)),
    cpuPerRequest: cpu.length === 0 ? null : median(cpu),
  };
}

function print(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ');
  console.log(`\n${title}\n${line(head)}`);
  for (const row of rows) console.log(line(row));
}

const number = (value: number | null, digits = 2) =>
  value === null || Number.isNaN(value) ? '–' : value.toFixed(digits);
const times = (value: number) => (Number.isFinite(value) ? `${value.toFixed(2)} ×` : '–');

/** What a query takes inside PostgreSQL, planning included, ms. */
async function inDatabase(sql: postgres.Sql): Promise<void> {
  const queries = {
    'point read: preferences': 'select * from user_preferences where user_id = $1',
    'list: miners': 'select * from miner_profiles where user_id = $1 order by priority_level, name, id',
  };
  const rows: string[][] = [];
  for (const [name, query] of Object.entries(queries)) {
    const samples: number[] = [];
    for (let i = 0; i < 300; i += 1) {
      const [plan] = await sql.unsafe(
        `explain (analyze, format json) ${query.replace('$1', `'${OWNER_ID}'`)}`,
      );
      const [result] = (plan?.['QUERY PLAN'] ?? []) as {
        'Planning Time': number;
        'Execution Time': number;
      }[];
      if (result !== undefined) samples.push(result['Planning Time'] + result['Execution Time']);
    }
    samples.sort((a, b) => a - b);
    const goal = name.startsWith('point') ? 5 : 10;
    rows.push([name, number(median(samples), 3), number(samples[296] ?? Number.NaN, 3), `≤ ${goal}`]);
  }
  print('In the database, ms', ['query', 'p50', 'p99', 'goal'], rows);
}

async function removeBenchMiners(sql: postgres.Sql): Promise<void> {
  made.length = 0;
  await sql`delete from miner_profiles where name like 'Bench %'`;
}

async function measure(stacks: readonly Stack[], sql: postgres.Sql): Promise<Map<string, Measured[]>> {
  for (const stack of stacks) {
    process.stdout.write(`warming up ${stack.name} … `);
    for (const operation of OPERATIONS) await run(stack, operation, 16, WARM_UP_SECONDS / OPERATIONS.length);
    await removeBenchMiners(sql);
  }
  process.stdout.write('\n');
  const results = new Map<string, Measured[]>();
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const clients of CLIENTS) {
      for (const operation of OPERATIONS) {
        for (const stack of stacks) {
          // Each stack deletes what it has made itself, and lists the seed's miners only.
          if (operation === 'DELETE miner') await run(stack, 'POST miner', 16, SECONDS);
          const key = `${clients} ${operation} ${stack.name}`;
          results.set(key, [...(results.get(key) ?? []), await run(stack, operation, clients, SECONDS)]);
          if (operation === 'POST miner' || operation === 'DELETE miner') await removeBenchMiners(sql);
        }
      }
    }
    console.log(`round ${round} of ${ROUNDS} done`);
  }
  return results;
}

function report(stacks: readonly Stack[], results: ReadonlyMap<string, Measured[]>): void {
  for (const clients of CLIENTS) {
    const of = (operation: Operation, stack: Stack) =>
      medianOf(results.get(`${clients} ${operation} ${stack.name}`) ?? []);
    const rows = OPERATIONS.flatMap((operation) =>
      stacks.map((stack) => {
        const { p50, p99, perSecond, cpuPerRequest } = of(operation, stack);
        return [operation, stack.name, number(p50), number(p99), number(perSecond, 0), number(cpuPerRequest)];
      }),
    );
    print(
      `${clients} client${clients === 1 ? '' : 's'}`,
      ['operation', 'stack', 'p50 ms', 'p99 ms', 'requests/s', 'CPU ms/request'],
      rows,
    );

    const [own, ...others] = stacks;
    if (own === undefined) return;
    const ratios = OPERATIONS.flatMap((operation) =>
      others.map((other) => {
        const [ours, theirs] = [of(operation, own), of(operation, other)];
        const [p50, p99] = [ours.p50 / theirs.p50, ours.p99 / theirs.p99];
        const throughput = ours.perSecond / theirs.perSecond;
        const isV19 = other.name === 'V1.9 stack';
        const goal =
          clients === 16 && isV19
            ? p50 < 1 && p99 < 1 && throughput > 1
            : clients === 1 && !isV19
              ? p50 <= 4
              : null;
        const verdict = goal === null ? '' : goal ? 'met' : 'MISSED';
        return [operation, other.name, times(p50), times(p99), times(throughput), verdict];
      }),
    );
    const goal = clients === 16 ? 'ahead of the V1.9 stack in all three' : 'p50 ≤ 4 × the bare driver';
    print(
      `CommandCenter as a multiple of …, ${clients} client${clients === 1 ? '' : 's'} (goal: ${goal})`,
      ['operation', 'of', 'p50', 'p99', 'requests/s', 'goal'],
      ratios,
    );
  }
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'commandcenter-bench-api-'));
  const database = await startPostgres({ dataDir: directory, port: await freePort() });
  const stacks: Stack[] = [];
  const admin = postgres(database.url('postgres'), { max: 1, onnotice: () => {} });
  try {
    await admin`create database commandcenter`;
    const url = database.url('commandcenter');
    await setUpDatabase(url);
    const own = connect(url, { max: 1, applicationName: 'bench' });
    const { token } = await createApiToken(own.db, {
      ownerId: OWNER_ID,
      name: 'bench',
      scope: 'admin',
      expiresAt: null,
    });
    await own.end();

    console.log(
      `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}; load from this process.`,
    );
    stacks.push(await startCommandCenter(url, token, directory));
    stacks.push(await startBareDriver(url));
    const v19 = await startV19(url);
    if (typeof v19 === 'string') console.log(v19);
    else stacks.push(v19);

    const sql = postgres(url, { max: 1, onnotice: () => {} });
    const results = await measure(stacks, sql);
    report(stacks, results);
    await inDatabase(sql);
    await sql.end();
  } finally {
    await Promise.all(stacks.map((stack) => stack.stop()));
    await admin.end();
    await database.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

await main();
