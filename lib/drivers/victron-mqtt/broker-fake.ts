import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Aedes } from 'aedes';
import { connectAsync } from 'mqtt';

/** How a fake GX device reaches its clients: through a broker of its own or as a guest on another. */
export interface FakeBroker {
  readonly host: string;
  readonly port: number;
  publish(topic: string, payload: string, retain: boolean): Promise<void>;
  /** Whatever clients publish. */
  onRequest(listen: (topic: string, payload: string) => void): void;
  /** The broker is gone, every connection with it; no-op for a guest. */
  stop(): Promise<void>;
  /** Back on the same port, with nothing retained. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface OwnBrokerOptions {
  /** On 127.0.0.1; 0 = any free one. */
  readonly port: number;
  readonly password: string | null;
  readonly tls: { readonly key: string; readonly cert: string } | null;
}

/** The device is the broker, as on a real GX. */
export async function startOwnBroker(options: OwnBrokerOptions): Promise<FakeBroker> {
  const host = '127.0.0.1';
  let port = options.port;
  let running: { broker: Aedes; server: Server; sockets: Set<Socket> } | null = null;
  let listener: (topic: string, payload: string) => void = () => {};

  const start = async () => {
    if (running) return;
    const broker = await Aedes.createBroker({
      authenticate(_client, _username, password, done) {
        const welcome = options.password === null || password?.toString() === options.password;
        done(welcome ? null : Object.assign(new Error('Bad password'), { returnCode: 4 as const }), welcome);
      },
    });
    broker.on('publish', (packet, client) => {
      if (client) listener(packet.topic, packet.payload.toString());
    });
    const server = options.tls
      ? createTlsServer(options.tls, (socket) => void broker.handle(socket))
      : createServer((socket) => void broker.handle(socket));
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    server.listen(port, host);
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
    running = { broker, server, sockets };
  };
  const stop = async () => {
    if (!running) return;
    const { broker, server, sockets } = running;
    running = null;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => broker.close(resolve));
    await closed;
  };
  await start();
  return {
    host,
    get port() {
      return port;
    },
    async publish(topic, payload, retain) {
      const broker = running?.broker;
      if (!broker) return;
      const packet = { cmd: 'publish', topic, payload, retain, qos: 0, dup: false } as const;
      await new Promise<void>((resolve) => broker.publish(packet, () => resolve()));
    },
    onRequest(listen) {
      listener = listen;
    },
    stop,
    start,
    close: stop,
  };
}

/** The device publishes to a broker that runs elsewhere, as over a bridge. */
export async function joinBroker(url: string, portal: string): Promise<FakeBroker> {
  const client = await connectAsync(url);
  await client.subscribeAsync([`R/${portal}/#`, `W/${portal}/#`]);
  const { hostname, port } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 1883),
    async publish(topic, payload, retain) {
      if (client.connected && !client.disconnecting) await client.publishAsync(topic, payload, { retain });
    },
    onRequest(listen) {
      client.on('message', (topic, payload) => listen(topic, payload.toString()));
    },
    stop: async () => {},
    start: async () => {},
    close: () => client.endAsync(),
  };
}
