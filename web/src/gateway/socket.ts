/**
 * The JSON WebSocket: requests tied to their answers by id, channels that survive the line. A lost line is opened again
 * with growing pauses, and each channel asked for again from where it was.
 */
import { Refusal } from "./rest";

/** What is used of a browser's WebSocket. */
export interface Line {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

export interface Message {
  channel_name?: string;
  notification?: Record<string, unknown>;
  type?: string;
  [field: string]: unknown;
}

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (fault: Refusal) => void;
  timer: ReturnType<typeof setTimeout>;
}

interface Channel {
  scope: "public" | "private";
  receive: (notification: Record<string, unknown>) => void;
  /** The point to go on from, if there is one. */
  resume: () => number | null;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8_000;
const REQUEST_TIMEOUT_MS = 10_000;

export class Socket {
  /** Called on every change of `isOpen`. */
  onLine: () => void = () => undefined;
  /** Pushes that belong to no channel. */
  onPush: (message: Message) => void = () => undefined;
  isOpen = false;
  /** Attempts since the line was last open. */
  attempts = 0;
  /** When something came, or when the line was lost; of `now`. */
  lastHeard: number;

  private line: Line | null = null;
  private nextId = 1;
  private isStopped = false;
  private isPrivate = false;
  private pause: ReturnType<typeof setTimeout> | null = null;
  private readonly waiting = new Map<string, Waiting>();
  private readonly channels = new Map<string, Channel>();

  constructor(
    private readonly open: () => Line,
    private readonly now: () => number = () => performance.now(),
    private readonly chance: () => number = Math.random,
  ) {
    this.lastHeard = now();
  }

  start(): void {
    this.isStopped = false;
    if (this.line === null) this.connect();
  }

  stop(): void {
    this.isStopped = true;
    this.dropLine();
  }

  /** Gives up a line that has gone silent, and opens another at once. */
  reopen(): void {
    this.dropLine();
    if (!this.isStopped) this.connect();
  }

  /** Whether private channels are to be asked for: somebody is signed in. A change takes a new line with it. */
  signIn(isPrivate: boolean): void {
    if (this.isPrivate === isPrivate) return;
    this.isPrivate = isPrivate;
    if (this.line !== null) this.reopen();
  }

  /** The result. Raises Refusal: E_LOST and E_TIMEOUT mean that it may have been done. */
  request<T>(method: string, params: object = {}, timeoutMs: number = REQUEST_TIMEOUT_MS): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { line } = this;
      if (line === null || !this.isOpen) {
        reject(new Refusal(0, "There is no connection to the exchange.", "E_NOT_SENT", null));
        return;
      }
      const id = String(this.nextId++);
      const timer = setTimeout(() => {
        this.waiting.delete(id);
        reject(new Refusal(0, "The exchange did not answer in time.", "E_TIMEOUT", null));
      }, timeoutMs);
      this.waiting.set(id, { resolve: (result) => resolve(result as T), reject, timer });
      line.send(JSON.stringify({ id, method, params }));
    });
  }

  /** Follows a channel until the function that is returned is called. */
  follow(
    name: string,
    receive: Channel["receive"],
    scope: Channel["scope"] = "public",
    resume: Channel["resume"] = () => null,
  ): () => void {
    this.channels.set(name, { scope, receive, resume });
    if (this.isOpen && (scope === "public" || this.isPrivate)) void this.subscribe([name]);
    return () => {
      if (!this.channels.delete(name)) return;
      if (this.isOpen) this.request(`${scope}/unsubscribe`, { channels: [name] }).catch(() => undefined);
    };
  }

  private connect(): void {
    const line = this.open();
    this.line = line;
    line.onopen = () => {
      if (this.line === line) void this.greet(line);
    };
    line.onmessage = (event) => {
      if (this.line === line && typeof event.data === "string") this.receive(event.data);
    };
    line.onclose = () => {
      if (this.line !== line) return;
      this.dropLine();
      if (!this.isStopped) this.connectLater();
    };
  }

  /** Signs in by the cookie of the upgrade and asks for the channels; only then is the line open to others. */
  private async greet(line: Line): Promise<void> {
    this.isOpen = true;
    this.lastHeard = this.now();
    try {
      if (this.isPrivate) await this.request("public/auth");
    } catch {
      // The REST side finds out whether the session is over; the public channels go on.
    }
    if (this.line !== line) return;
    const wanted = [...this.channels].filter(([, channel]) => channel.scope === "public" || this.isPrivate);
    await this.subscribe(wanted.map(([name]) => name));
    if (this.line !== line) return;
    this.attempts = 0;
    this.onLine();
  }

  private async subscribe(names: string[]): Promise<void> {
    for (const scope of ["public", "private"] as const) {
      const channels = names.filter((name) => this.channels.get(name)?.scope === scope);
      if (channels.length === 0) continue;
      const resume = Object.fromEntries(
        channels.flatMap((name) => {
          const point = this.channels.get(name)?.resume() ?? null;
          return point === null ? [] : [[name, point] as const];
        }),
      );
      const params = Object.keys(resume).length > 0 ? { channels, resume } : { channels };
      // A refusal of a channel leaves it silent, which the state of the line or the panel shows.
      // oxlint-disable-next-line no-await-in-loop
      await this.request(`${scope}/subscribe`, params).catch(() => undefined);
    }
  }

  private receive(text: string): void {
    this.lastHeard = this.now();
    const message = JSON.parse(text) as Message;
    if (message.channel_name !== undefined) {
      this.channels.get(message.channel_name)?.receive(message.notification ?? {});
    } else if (message["id"] !== undefined && message["id"] !== null) {
      this.settle(String(message["id"]), message);
    } else if (message.type !== undefined) {
      this.onPush(message);
    }
  }

  private settle(id: string, message: Message): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.waiting.delete(id);
    clearTimeout(waiting.timer);
    const error = message["error"] as { code: number; message: string; reason?: string; hint?: string } | undefined;
    if (error === undefined) waiting.resolve(message["result"]);
    else waiting.reject(new Refusal(error.code, error.message, error.reason ?? `E_${error.code}`, error.hint ?? null));
  }

  private dropLine(): void {
    const { line } = this;
    if (this.pause !== null) clearTimeout(this.pause);
    this.pause = null;
    this.line = null;
    line?.close();
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Refusal(0, "The connection was lost before the answer came.", "E_LOST", null));
    }
    this.waiting.clear();
    if (!this.isOpen) return;
    this.isOpen = false;
    this.lastHeard = this.now();
    this.onLine();
  }

  private connectLater(): void {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.attempts);
    this.attempts += 1;
    this.onLine();
    this.pause = setTimeout(() => this.connect(), longest * (0.5 + this.chance() / 2));
  }
}
