const encoder = new TextEncoder();

/** One client's event stream. A client that reads slowly gets the newest of each event, never a queue. */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #waiting = new Map<string, string>();
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null;

  constructor(onEnd: () => void) {
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#flush(),
        cancel: () => {
          this.#controller = null;
          onEnd();
        },
      },
      { highWaterMark: 1 },
    );
  }

  /** `data` is one line: JSON. */
  send(event: string, data: string): void {
    this.#put(event, `event: ${event}\ndata: ${data}\n\n`);
  }

  /** Tells proxies and clients that the line is alive, and the server when it is not. */
  comment(text: string): void {
    this.#put(':', `: ${text}\n\n`);
  }

  /** How long a client waits before it connects again. */
  retryAfter(ms: number): void {
    this.#put('retry', `retry: ${ms}\n\n`);
  }

  close(): void {
    this.#flush();
    this.#controller?.close();
    this.#controller = null;
  }

  #put(key: string, chunk: string): void {
    if (this.#controller === null) return;
    // Deleted first: the newest also goes to the end of the line.
    this.#waiting.delete(key);
    this.#waiting.set(key, chunk);
    if ((this.#controller.desiredSize ?? 0) > 0) this.#flush();
  }

  #flush(): void {
    if (this.#waiting.size === 0 || this.#controller === null) return;
    const chunk = [...this.#waiting.values()].join('');
    this.#waiting.clear();
    this.#controller.enqueue(encoder.encode(chunk));
  }
}
