/** How the page hears from the server: `connecting` until the first word, `lost` once it has been quiet too long. */
export type LinkState = 'connecting' | 'live' | 'lost' | 'signed-out';

/** What of EventSource is used. */
export interface EventLine {
  addEventListener(type: string, listener: (event: { readonly data?: string }) => void): void;
  close(): void;
}

export interface LiveConnectionOptions {
  readonly open: () => EventLine;
  /** HTTP status of a plain request, null = no answer: a broken line does not say why it broke. */
  readonly probe: () => Promise<number | null>;
  readonly onTick: (data: string) => void;
  readonly onSettings: () => void;
  readonly onState: (state: LinkState) => void;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** The server sends a tick at least every 45 s; a line that is quiet for longer is half open and dead. */
const SILENCE_MS = 60_000;
/** A restart of the web process takes no longer than this; the page need not shout before. */
const GRACE_MS = 4_000;

/**
 * Keeps one event stream open. Every break is answered by a new one after 1, 2, 4 … 30 s, at once when the page
 * comes back to the foreground or the network returns (`wake`). A 401 ends it: the session is gone.
 */
export class LiveConnection {
  readonly #options: LiveConnectionOptions;
  #line: EventLine | null = null;
  #state: LinkState = 'connecting';
  #retryMs = FIRST_RETRY_MS;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #silence: ReturnType<typeof setTimeout> | null = null;
  #grace: ReturnType<typeof setTimeout> | null = null;
  #closed = false;

  constructor(options: LiveConnectionOptions) {
    this.#options = options;
    this.#connect();
  }

  /** Tries again now instead of when the back-off ends. */
  wake(): void {
    if (this.#retry === null) return;
    clearTimeout(this.#retry);
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#drop();
    for (const timer of [this.#retry, this.#grace]) if (timer !== null) clearTimeout(timer);
    this.#retry = null;
    this.#grace = null;
  }

  #connect(): void {
    this.#retry = null;
    const line = this.#options.open();
    this.#line = line;
    this.#expectNews();
    line.addEventListener('tick', ({ data }) => {
      if (this.#line !== line || data === undefined) return;
      this.#alive();
      this.#options.onTick(data);
    });
    line.addEventListener('settings', () => {
      if (this.#line !== line) return;
      this.#alive();
      this.#options.onSettings();
    });
    line.addEventListener('error', () => {
      if (this.#line === line) this.#broke();
    });
  }

  #alive(): void {
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#grace !== null) clearTimeout(this.#grace);
    this.#grace = null;
    this.#expectNews();
    this.#enter('live');
  }

  #expectNews(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#broke(), SILENCE_MS);
  }

  #drop(): void {
    this.#line?.close();
    this.#line = null;
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = null;
  }

  #broke(): void {
    this.#drop();
    this.#grace ??= setTimeout(() => this.#enter('lost'), GRACE_MS);
    this.#retry = setTimeout(() => this.#connect(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    void this.#options.probe().then((status) => {
      if (status !== 401 || this.#closed) return;
      this.close();
      this.#enter('signed-out');
    });
  }

  #enter(state: LinkState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state);
  }
}
