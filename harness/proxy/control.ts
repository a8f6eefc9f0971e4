import type { ConnectionInfo, ProxySettings, Stream, Toxic, ToxicChange } from './contract.ts';

/** A proxy as it was when it was asked for. */
export interface ProxyView extends ProxySettings {
  /** Upstream first, each in the order in which they act. */
  readonly toxics: readonly Toxic[];
}

/** A toxic that is to be made; left out: name `<type>_<stream>`, downstream, every connection, the type's defaults. */
export interface NewToxic {
  readonly type: string;
  readonly name?: string;
  readonly stream?: Stream;
  readonly toxicity?: number;
  readonly attributes?: Readonly<Record<string, number | string>>;
}

/** A proxy that is to be made; left out: a port of loopback that the kernel chooses, enabled, no toxics. */
export interface NewProxy {
  readonly name: string;
  readonly upstream: string;
  readonly listen?: string;
  readonly enabled?: boolean;
  /** They act on its first connection already. */
  readonly toxics?: readonly NewToxic[];
}

/**
 * Drives fault proxies, wherever they are: in this process, or a server with Toxiproxy's API. What is refused throws
 * CW_PROXY_SERVER with the server's own words; its cause is a Refusal that has the HTTP status. Disposing of it removes the
 * proxies that it made.
 */
export interface ProxyControl extends AsyncDisposable {
  /** `http://127.0.0.1:8474`, or `in process`. */
  readonly where: string;
  /** Of Toxiproxy's API: `2.12.0`. */
  version(): Promise<string>;
  createProxy(proxy: NewProxy): Promise<ProxyView>;
  /** By name. */
  listProxies(): Promise<ProxyView[]>;
  getProxy(name: string): Promise<ProxyView>;
  updateProxy(name: string, change: Partial<Omit<ProxySettings, 'name'>>): Promise<ProxyView>;
  removeProxy(name: string): Promise<void>;
  addToxic(proxy: string, toxic: NewToxic): Promise<Toxic>;
  updateToxic(proxy: string, toxic: string, change: ToxicChange): Promise<Toxic>;
  removeToxic(proxy: string, toxic: string): Promise<void>;
  /** Enables all proxies and removes all toxics, also those that others have made. */
  reset(): Promise<void>;
  /** The open ones; null: this server does not tell. */
  connections(proxy: string): Promise<readonly ConnectionInfo[] | null>;
}
