/** Bytes from the client to the upstream, or back. */
export type Stream = 'upstream' | 'downstream';

/** A toxic as the API shows it. Attributes have defaults, and all of a type are always shown. */
export interface Toxic {
  readonly name: string;
  readonly type: string;
  readonly stream: Stream;
  /** The share of connections that it acts on, 0 to 1. */
  readonly toxicity: number;
  readonly attributes: Readonly<Record<string, number | string>>;
}

/** What may be changed of a toxic. All of it takes effect, or none. */
export interface ToxicChange {
  readonly toxicity?: number;
  readonly attributes?: Readonly<Record<string, number | string>>;
}

/** How a proxy is asked to be. `listen`: `host:port`; port 0 is chosen by the kernel, and kept from then on. */
export interface ProxySettings {
  readonly name: string;
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
}

/** One proxied connection, for those who want to look. Bytes are counted as they are passed on. */
export interface ConnectionInfo {
  readonly id: number;
  /** `address:port` of the client, and of our socket towards the upstream; null until that is open. */
  readonly client: string;
  readonly local: string | null;
  readonly openedAt: string;
  readonly bytes: Readonly<Record<Stream, number>>;
  /** Names of the toxics that act on it. */
  readonly toxics: Readonly<Record<Stream, readonly string[]>>;
  /** What has passed in each direction: `open`, `FIN` or `RST`. */
  readonly ends: Readonly<Record<Stream, 'open' | 'FIN' | 'RST'>>;
}

/** What a proxy has passed on since it was made. Live, not only when connections end. */
export interface Counters {
  readonly connections: number;
  readonly received: Readonly<Record<Stream, number>>;
  readonly sent: Readonly<Record<Stream, number>>;
}

/** One proxy: a listener, an upstream, toxics, connections. The data plane; knows no HTTP. */
export interface FaultProxy {
  readonly name: string;
  /** The bound address once it has been started. */
  readonly listen: string;
  readonly upstream: string;
  readonly enabled: boolean;
  readonly toxics: readonly Toxic[];
  readonly counters: Counters;
  connections(): ConnectionInfo[];
  /** Also applied to connections that are open. @throws CW_PROXY_EXISTS, CW_PROXY_TOXIC */
  addToxic(toxic: Toxic): Promise<Toxic>;
  /** @throws CW_PROXY_UNKNOWN, CW_PROXY_TOXIC */
  updateToxic(name: string, change: ToxicChange): Promise<Toxic>;
  removeToxic(name: string): Promise<void>;
  removeAllToxics(): Promise<void>;
  /** New settings, all or none: a listener that cannot be bound leaves the old one. @throws CW_PROXY_LISTEN */
  update(change: Partial<Omit<ProxySettings, 'name'>>): Promise<void>;
  /** Starts to listen. @throws CW_PROXY_LISTEN */
  start(): Promise<void>;
  /** Stops to listen, and ends every connection. Harmless when stopped. */
  stop(): Promise<void>;
}

/** How proxies are made: data plane of the embedded server. */
export interface ProxyOptions {
  /** Of toxicity, jitter, corruption; one connection's draws do not depend on another's. */
  readonly seed: number;
  /** The original's quirks (docs/proxy.md). */
  readonly strict: boolean;
}

export type MakeProxy = (settings: ProxySettings, options: ProxyOptions) => FaultProxy;
