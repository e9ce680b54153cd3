// The least a Node server can do for the same answers: node:http and postgres.js, no sign-in, no checks, no record.
import { createServer, type IncomingMessage } from 'node:http';
import postgres from 'postgres';

const OWNER = 'a0000000-0000-0000-0000-000000000001';
const sql = postgres(process.env.DATABASE_URL ?? '', {
  max: 10,
  onnotice: () => {},
  types: { numeric: { to: 1700, from: [1700], serialize: String, parse: Number } },
});

async function readJson(request: IncomingMessage): Promise<Record<string, postgres.SerializableParameter>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function answer(request: IncomingMessage): Promise<{ status: number; data: unknown }> {
  const { method, url = '' } = request;
  if (url === '/api/preferences' && method === 'GET') {
    const [row] = await sql`select * from user_preferences where user_id = ${OWNER}`;
    return { status: 200, data: row };
  }
  if (url === '/api/preferences') {
    const body = await readJson(request);
    const [row] = await sql`update user_preferences set ${sql(body)} where user_id = ${OWNER} returning *`;
    return { status: 200, data: row };
  }
  if (url === '/api/miners' && method === 'GET') {
    const rows =
      await sql`select * from miner_profiles where user_id = ${OWNER} order by priority_level, name`;
    return { status: 200, data: rows };
  }
  if (url === '/api/miners') {
    const body = await readJson(request);
    const [row] = await sql`insert into miner_profiles ${sql({ ...body, user_id: OWNER })} returning *`;
    return { status: 201, data: row };
  }
  const id = url.slice('/api/miners/'.length);
  await sql`delete from miner_profiles where user_id = ${OWNER} and id = ${id}`;
  return { status: 204, data: null };
}

createServer((request, response) => {
  answer(request).then(
    ({ status, data }) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(data === null ? undefined : JSON.stringify(data));
    },
    (error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    },
  );
}).listen(Number(process.env.PORT), '127.0.0.1');
