import { connect, type Socket } from 'node:net';

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

export interface PlainResponse {
  readonly status: number;
  readonly body: string;
}

/** Where the head ends, how long the body is, and the status; null while the head is incomplete. */
function readHead(data: Buffer): { status: number; bodyAt: number; length: number | 'chunked' } | null {
  const end = data.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const head = data.toString('latin1', 0, end).toLowerCase();
  const length = /\r\ncontent-length: (\d+)/.exec(head)?.[1];
  const status = Number(head.slice(9, 12));
  const chunked = head.includes('\r\ntransfer-encoding: chunked');
  return { status, bodyAt: end + 4, length: chunked ? 'chunked' : Number(length ?? 0) };
}

/** The body of a chunked answer and where it ends; null while incomplete. */
function readChunks(data: Buffer, from: number): { body: string; end: number } | null {
  let at = from;
  let body = '';
  for (;;) {
    const lineEnd = data.indexOf('\r\n', at);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(data.toString('latin1', at, lineEnd), 16);
    const next = lineEnd + 2 + size + 2;
    if (data.length < next) return null;
    if (size === 0) return { body, end: next };
    body += data.toString('utf8', lineEnd + 2, lineEnd + 2 + size);
    at = next;
  }
}

/**
 * One keep-alive connection that sends one request after the other. Written on the socket: a full HTTP client would
 * cost more than the server under test and hide the differences.
 */
export class PlainClient {
  readonly #socket: Socket;
  readonly #head: string;
  #data = Buffer.alloc(0);
  #waiting: { resolve: (response: PlainResponse) => void; reject: (error: Error) => void } | null = null;

  private constructor(socket: Socket, head: string) {
    this.#socket = socket;
    this.#head = head;
    socket.on('data', (chunk) => {
      this.#data = this.#data.length === 0 ? chunk : Buffer.concat([this.#data, chunk]);
      this.#deliver();
    });
    const fail = () => this.#waiting?.reject(new Error('The server closed the connection.'));
    socket.on('error', fail);
    socket.on('close', fail);
  }

  static open(port: number, token: string | null): Promise<PlainClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () =>
        resolve(
          new PlainClient(
            socket,
            `Host: 127.0.0.1:${port}\r\nAccept-Encoding: gzip\r\n${token ? `Authorization: Bearer ${token}\r\n` : ''}`,
          ),
        ),
      );
      socket.once('error', reject);
    });
  }

  send({ method, path, body }: PlainRequest): Promise<PlainResponse> {
    const text = body === undefined ? '' : JSON.stringify(body);
    const type = body === undefined ? '' : 'Content-Type: application/json\r\n';
    const length = method === 'GET' ? '' : `Content-Length: ${Buffer.byteLength(text)}\r\n`;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(`${method} ${path} HTTP/1.1\r\n${this.#head}${type}${length}\r\n${text}`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #deliver(): void {
    const head = readHead(this.#data);
    if (head === null || this.#waiting === null) return;
    let body: string;
    let end: number;
    if (head.length === 'chunked' && head.status !== 204) {
      const chunks = readChunks(this.#data, head.bodyAt);
      if (chunks === null) return;
      ({ body, end } = chunks);
    } else {
      end = head.bodyAt + (head.length === 'chunked' ? 0 : head.length);
      if (this.#data.length < end) return;
      body = this.#data.toString('utf8', head.bodyAt, end);
    }
    this.#data = this.#data.subarray(end);
    const { resolve } = this.#waiting;
    this.#waiting = null;
    resolve({ status: head.status, body });
  }
}
