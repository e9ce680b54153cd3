import { readFile } from 'node:fs/promises';
import { type FakeBroker, joinBroker, startOwnBroker } from './broker-fake';
import { type FakeSetting, type FakeValue, isSetting, parseDump, SAMPLE_SITE } from './site-fake';

export interface FakeGxOptions {
  /** Port of its own broker on 127.0.0.1; any free one if left out. */
  readonly port?: number;
  /** Publishes to this broker instead of running one, e.g. `mqtt://127.0.0.1:1883`. */
  readonly brokerUrl?: string;
  /** new: Venus OS from 3.20. old: before; everything retained, no marker, keepalive by Serial. */
  readonly firmware?: 'new' | 'old';
  readonly portalId?: string;
  /** Paths below `N/<portal>/` and what they hold; `SAMPLE_SITE` if neither this nor `dump` is given. */
  readonly values?: Readonly<Record<string, FakeValue | FakeSetting>>;
  /** A file of `topic payload` lines; of a repeated topic the last one counts. Its portal id becomes ours. */
  readonly dump?: string;
  /** Any user name with this password, or nobody. */
  readonly password?: string;
  /** PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** How long it talks after a keepalive, ms. */
  readonly silenceAfterMs?: number;
  /** How often voltage, current and power move, ms; 0 = never by themselves. */
  readonly moveEveryMs?: number;
  /** For the time in the full publish marker, epoch ms. */
  readonly now?: () => number;
}

/**
 * A GX device as the network sees it. Made to be awkward on purpose: it says nothing unasked but its serial number,
 * falls silent without keepalives, can hang, vanish, garble and freeze.
 */
export interface FakeGx {
  readonly host: string;
  readonly port: number;
  readonly portalId: string;
  /** What clients published, oldest first. */
  readonly requests: readonly { readonly topic: string; readonly payload: string }[];
  /** What it holds now. */
  get(path: string): FakeValue | undefined;
  /** Changes a value; published when somebody keeps it talking. A frozen one stays. */
  set(path: string, value: FakeValue): Promise<void>;
  /** The device behind `battery/512` is gone: empty payloads on all its paths. */
  vanish(service: string): Promise<void>;
  /** The value no longer changes while others move. */
  freeze(path: string): void;
  /** From now on this path sends text that is not JSON. */
  garble(path: string): Promise<void>;
  /** Connected but saying and answering nothing, until `wake`. */
  hang(): void;
  wake(): void;
  /** The broker dies with all connections, and comes back with nothing retained. */
  stopBroker(): Promise<void>;
  startBroker(): Promise<void>;
  close(): Promise<void>;
}

/** What moves by itself, and by how much to and fro. */
const MOVING: readonly (readonly [ending: RegExp, step: number])[] = [
  [/Dc\/(Battery|0)\/Voltage$/, 0.01],
  [/Dc\/(Battery|0)\/Current$/, 0.1],
  [/Dc\/(Battery|0)\/Power$/, 5],
];
/** Full publishes it grants per second. */
const FULL_PUBLISHES_PER_S = 3;
const HEARTBEAT_MS = 3_000;

interface Item {
  value: FakeValue;
  limits: { min: number; max: number } | null;
  frozen: boolean;
  garbled: boolean;
}

export async function startFakeGx(options: FakeGxOptions = {}): Promise<FakeGx> {
  const dump = options.dump === undefined ? null : parseDump(await readFile(options.dump, 'utf8'));
  const portalId = options.portalId ?? dump?.portalId ?? 'c0ffee000001';
  const broker = options.brokerUrl
    ? await joinBroker(options.brokerUrl, portalId)
    : await startOwnBroker({
        port: options.port ?? 0,
        password: options.password ?? null,
        tls: options.tls ?? null,
      });
  const values = { ...(options.values ?? (dump ? {} : SAMPLE_SITE)), ...dump?.values };
  const gx = new Gx(broker, portalId, values, options);
  await gx.begin();
  return gx;
}

class Gx implements FakeGx {
  readonly requests: { topic: string; payload: string }[] = [];
  private readonly items = new Map<string, Item>();
  private readonly old: boolean;
  private alive = false;
  private hanging = false;
  private tokens = FULL_PUBLISHES_PER_S;
  private swing = 1;
  private silencer: NodeJS.Timeout | undefined;
  private readonly intervals: NodeJS.Timeout[] = [];

  constructor(
    private readonly broker: FakeBroker,
    readonly portalId: string,
    values: Readonly<Record<string, FakeValue | FakeSetting>>,
    private readonly options: FakeGxOptions,
  ) {
    this.old = options.firmware === 'old';
    for (const [path, value] of Object.entries({ ...values, 'system/0/Serial': portalId })) {
      const setting = isSetting(value);
      this.items.set(path, {
        value: setting ? value.value : value,
        limits: setting ? { min: value.min, max: value.max } : null,
        frozen: false,
        garbled: false,
      });
    }
  }

  get host() {
    return this.broker.host;
  }
  get port() {
    return this.broker.port;
  }

  async begin(): Promise<void> {
    this.broker.onRequest((topic, payload) => void this.onRequest(topic, payload));
    const every = (ms: number, run: () => void) => this.intervals.push(setInterval(run, ms));
    every(1000, () => {
      this.tokens = FULL_PUBLISHES_PER_S;
    });
    if (!this.old) {
      every(HEARTBEAT_MS, () => {
        if (this.alive && !this.hanging) void this.say('heartbeat', { value: this.unixSeconds() });
      });
    }
    const moveEveryMs = this.options.moveEveryMs ?? 1000;
    if (moveEveryMs > 0) every(moveEveryMs, () => void this.move());
    await this.publishItem('system/0/Serial', true);
  }

  get(path: string): FakeValue | undefined {
    return this.items.get(path)?.value;
  }

  async set(path: string, value: FakeValue): Promise<void> {
    const item = this.items.get(path);
    if (item?.frozen) return;
    if (item) item.value = value;
    else this.items.set(path, { value, limits: null, frozen: false, garbled: false });
    await this.publishItem(path);
  }

  async vanish(service: string): Promise<void> {
    const gone = [...this.items.keys()].filter((path) => path.startsWith(`${service}/`));
    for (const path of gone) this.items.delete(path);
    if (this.hanging) return;
    for (const path of gone) await this.broker.publish(`N/${this.portalId}/${path}`, '', this.old);
  }

  freeze(path: string): void {
    this.item(path).frozen = true;
  }

  async garble(path: string): Promise<void> {
    this.item(path).garbled = true;
    await this.publishItem(path);
  }

  hang(): void {
    this.hanging = true;
  }
  wake(): void {
    this.hanging = false;
  }

  stopBroker(): Promise<void> {
    this.alive = false;
    return this.broker.stop();
  }
  async startBroker(): Promise<void> {
    await this.broker.start();
    await this.publishItem('system/0/Serial', true);
  }

  async close(): Promise<void> {
    clearTimeout(this.silencer);
    for (const interval of this.intervals) clearInterval(interval);
    await this.broker.close();
  }

  // ─────────────────────────────────────────────────────────── requests

  private async onRequest(topic: string, payload: string): Promise<void> {
    this.requests.push({ topic, payload });
    const [verb, portal, ...rest] = topic.split('/');
    const path = rest.join('/');
    if (this.hanging || portal !== this.portalId) return;
    if (verb === 'W') await this.onWrite(path, payload);
    if (verb === 'R') await (this.old ? this.onOldRead(path) : this.onRead(path, payload));
  }

  private async onRead(path: string, payload: string): Promise<void> {
    if (path === 'keepalive' || path === 'system/0/Serial') {
      const quiet = payload.includes('suppress-republish');
      this.stayAlive();
      if (!quiet && this.tokens > 0) {
        this.tokens -= 1;
        await this.publishAll(/"full-publish-completed-echo"\s*:\s*"([^"]*)"/.exec(payload)?.[1]);
      }
    }
    if (path !== 'keepalive') await this.answerRead(path);
  }

  /** Any request keeps old firmware talking, but it sends everything only when it was silent. */
  private async onOldRead(path: string): Promise<void> {
    const wasAlive = this.alive;
    this.stayAlive();
    if (!wasAlive) await this.publishAll(undefined);
    else await this.answerRead(path);
  }

  private async answerRead(path: string): Promise<void> {
    for (const known of this.items.keys()) {
      if (known === path || known.startsWith(`${path}/`)) await this.publishItem(known, true);
    }
  }

  private async onWrite(path: string, payload: string): Promise<void> {
    if (this.old) this.stayAlive();
    const item = this.items.get(path);
    const value = writtenValue(payload);
    if (!item || value === undefined || !this.accepts(path, item, value)) return;
    item.value = value;
    await this.publishItem(path, true);
  }

  private accepts(path: string, item: Item, value: FakeValue): boolean {
    const relay = /^system\/0\/Relay\/([01])\/State$/.exec(path)?.[1];
    if (relay !== undefined) {
      const purpose = relay === '0' ? 'Settings/Relay/Function' : 'Settings/Relay/1/Function';
      return this.get(`settings/0/${purpose}`) === 2;
    }
    // A maximum of 0 stands for none, as the recorded settings show.
    const { limits } = item;
    if (!limits || typeof value !== 'number') return true;
    return value >= limits.min && (limits.max === 0 || value <= limits.max);
  }

  // ─────────────────────────────────────────────────────────── publishing

  private stayAlive(): void {
    this.alive = true;
    clearTimeout(this.silencer);
    this.silencer = setTimeout(() => void this.fallSilent(), this.options.silenceAfterMs ?? 60_000);
  }

  private async fallSilent(): Promise<void> {
    this.alive = false;
    if (!this.old) return;
    for (const path of this.items.keys()) {
      if (path !== 'system/0/Serial') await this.broker.publish(`N/${this.portalId}/${path}`, '', true);
    }
  }

  private async publishAll(echo: string | undefined): Promise<void> {
    for (const path of this.items.keys()) await this.publishItem(path);
    if (this.old) return;
    await this.say('full_publish_completed', {
      ...(echo === undefined ? {} : { 'full-publish-completed-echo': echo }),
      value: this.unixSeconds(),
    });
  }

  private async publishItem(path: string, evenIfSilent = false): Promise<void> {
    const item = this.items.get(path);
    if (!item || this.hanging || !(this.alive || evenIfSilent)) return;
    const payload = item.garbled ? '{"value": 5' : JSON.stringify({ ...item.limits, value: item.value });
    await this.broker.publish(`N/${this.portalId}/${path}`, payload, this.old || path === 'system/0/Serial');
  }

  private say(path: string, body: object): Promise<void> {
    return this.broker.publish(`N/${this.portalId}/${path}`, JSON.stringify(body), false);
  }

  private async move(): Promise<void> {
    this.swing = -this.swing;
    for (const [path, item] of this.items) {
      const step = MOVING.find(([ending]) => ending.test(path))?.[1];
      if (step === undefined || item.frozen || typeof item.value !== 'number') continue;
      item.value = Math.round((item.value + this.swing * step) * 1e6) / 1e6;
      await this.publishItem(path);
    }
  }

  private unixSeconds(): number {
    return Math.floor((this.options.now ?? Date.now)() / 1000);
  }

  private item(path: string): Item {
    const item = this.items.get(path);
    if (!item) throw new Error(`The fake GX device has no path ${path}.`);
    return item;
  }
}

function writtenValue(payload: string): FakeValue | undefined {
  try {
    return (JSON.parse(payload) as { value?: FakeValue }).value;
  } catch {
    return undefined;
  }
}
