import { AppError } from '@/lib/errors';
import { EventStream } from './stream';

/** What the hub needs of the outside; one set per process. */
export interface HubSources {
  /**
   * Calls back for each notification with the owner's id, and `onReady` whenever listening has (re)started; keeps
   * trying by itself.
   */
  listen(channel: string, onNotify: (ownerId: string) => void, onReady: () => void): Promise<unknown>;
  /** The newest status of an owner as one line of JSON; null before the first tick. */
  readStatus(ownerId: string): Promise<string | null>;
  /** Which of these sessions and tokens still let their holder in. */
  stillValid(viewers: readonly Viewer[]): Promise<ReadonlySet<string>>;
  onFault(error: unknown): void;
}

export interface Viewer {
  readonly kind: 'session' | 'token';
  readonly credentialId: string;
  readonly ownerId: string;
}

export const TICK_CHANNEL = 'commandcenter_tick';
export const SETTINGS_CHANNEL = 'commandcenter_settings';

const HEARTBEAT_MS = 15_000;
/** Without a notification for so long the status is sent anyway: it then says that the worker is silent. */
const QUIET_MS = 30_000;
const RECONNECT_MS = 3_000;
const MOST_STREAMS = 500;

/** Fans one LISTEN connection's notifications out to all event streams of this process. */
export class EventHub {
  readonly #sources: HubSources;
  readonly #streams = new Map<EventStream, Viewer>();
  readonly #lastPush = new Map<string, number>();
  readonly #pushing = new Map<string, 'now' | 'again'>();
  #listening = false;
  #heartbeat: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(sources: HubSources) {
    this.#sources = sources;
  }

  get size(): number {
    return this.#streams.size;
  }

  /** A new stream that begins with the newest status. Throws unavailable when there are too many, or on shutdown. */
  open(viewer: Viewer): EventStream {
    if (this.#closed || this.#streams.size >= MOST_STREAMS) {
      throw new AppError('unavailable', 'No more event streams can be opened now.', {
        retryAfterSeconds: 10,
      });
    }
    const stream = new EventStream(() => this.#forget(stream));
    this.#streams.set(stream, viewer);
    stream.retryAfter(RECONNECT_MS);
    this.#heartbeat ??= setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#listen();
    this.#push(viewer.ownerId);
    return stream;
  }

  /** Ends all streams for good: an open one would keep the process from stopping. */
  close(): void {
    this.#closed = true;
    for (const stream of [...this.#streams.keys()]) this.#end(stream);
  }

  #end(stream: EventStream): void {
    stream.close();
    this.#forget(stream);
  }

  #forget(stream: EventStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0 || this.#heartbeat === null) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = null;
  }

  #owners(): Set<string> {
    return new Set([...this.#streams.values()].map((viewer) => viewer.ownerId));
  }

  /** Once per process: the driver listens again by itself after every loss, also when the first attempt failed. */
  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    const refresh = () => {
      for (const ownerId of this.#owners()) this.#push(ownerId);
    };
    const settings = (ownerId: string) => this.#send(ownerId, 'settings', '{}');
    void Promise.all([
      this.#sources.listen(TICK_CHANNEL, (ownerId) => this.#push(ownerId), refresh),
      this.#sources.listen(SETTINGS_CHANNEL, settings, () => {}),
    ]).catch((error: unknown) => this.#sources.onFault(error));
  }

  #beat(): void {
    const now = performance.now();
    for (const stream of this.#streams.keys()) stream.comment('alive');
    for (const ownerId of this.#owners()) {
      if (now - (this.#lastPush.get(ownerId) ?? 0) >= QUIET_MS) this.#push(ownerId);
    }
    void this.#recheck().catch((error: unknown) => this.#sources.onFault(error));
  }

  /** Ends the streams of who signed out, expired or was revoked. Without a database everybody stays. */
  async #recheck(): Promise<void> {
    const viewers = [...this.#streams.values()];
    const valid = await this.#sources.stillValid(viewers);
    for (const [stream, viewer] of this.#streams) {
      if (viewers.includes(viewer) && !valid.has(viewer.credentialId)) this.#end(stream);
    }
  }

  #send(ownerId: string, event: string, data: string): void {
    for (const [stream, viewer] of this.#streams) if (viewer.ownerId === ownerId) stream.send(event, data);
  }

  /** Reads once for all of an owner's streams; notifications that come meanwhile make one more read. */
  #push(ownerId: string): void {
    if (this.#pushing.has(ownerId)) {
      this.#pushing.set(ownerId, 'again');
      return;
    }
    if (!this.#owners().has(ownerId)) return;
    this.#pushing.set(ownerId, 'now');
    this.#lastPush.set(ownerId, performance.now());
    void this.#sources
      .readStatus(ownerId)
      .then((data) => {
        if (data !== null) this.#send(ownerId, 'tick', data);
      })
      .catch((error: unknown) => this.#sources.onFault(error))
      .finally(() => {
        const again = this.#pushing.get(ownerId) === 'again';
        this.#pushing.delete(ownerId);
        if (again) this.#push(ownerId);
      });
  }
}
