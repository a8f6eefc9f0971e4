import { Proxy, Toxic as RemoteToxic, Toxiproxy, type ICreateToxicBody } from 'toxiproxy-node-client';
import { CloseWaitError } from '#core';
import type { ConnectionInfo, ProxySettings, Toxic, ToxicChange } from './contract.ts';
import type { NewProxy, NewToxic, ProxyControl, ProxyView } from './control.ts';
import { checkName } from './limits.ts';
import { PROXY_NOT_FOUND, Refusal } from './refusal.ts';
import { remoteTransport } from './remote-http.ts';

export interface RemoteOptions {
  /** How long a request may take, milliseconds. A Toxiproxy can hang as a whole: default 5000. */
  readonly timeoutMs?: number;
}

/**
 * Drives the Toxiproxy at `url` by toxiproxy-node-client, whose gaps are closed here: names are percent-encoded, the server's
 * messages are kept, requests end in time, toxics are shown and are there when a proxy starts.
 */
export function remoteControl(url: string, { timeoutMs = 5000 }: RemoteOptions = {}): ProxyControl {
  return new Remote(url.replace(/\/+$/, ''), timeoutMs);
}

class Remote implements ProxyControl {
  readonly where: string;
  readonly #client: Toxiproxy;
  readonly #made = new Set<string>();

  constructor(url: string, timeoutMs: number) {
    this.where = url;
    this.#client = new Toxiproxy(url);
    // Only its public methods are called.
    this.#client.api = remoteTransport(timeoutMs) as unknown as Toxiproxy['api'];
  }

  async version(): Promise<string> {
    const text = await this.#client.getVersion();
    try {
      return (JSON.parse(text) as { version: string }).version;
    } catch {
      // Before 2.7 it is no JSON.
      return text.trim();
    }
  }

  async createProxy({
    name,
    upstream,
    listen = '127.0.0.1:0',
    enabled = true,
    toxics = [],
  }: NewProxy): Promise<ProxyView> {
    checkAddressable(name);
    // A Toxiproxy takes no toxics here: it is started when it has them.
    const settings = { name, listen, upstream, enabled: enabled && toxics.length === 0 };
    await this.#client.createProxy(settings);
    this.#made.add(name);
    try {
      for (const toxic of toxics) await this.addToxic(name, toxic);
      return settings.enabled === enabled
        ? await this.getProxy(name)
        : await this.updateProxy(name, { enabled });
    } catch (error) {
      await this.removeProxy(name);
      throw error;
    }
  }

  async listProxies(): Promise<ProxyView[]> {
    const { data } = await this.#client.api.get<Record<string, ProxyView>>(`${this.where}/proxies`);
    return Object.values(data).map(viewOf);
  }

  async getProxy(name: string): Promise<ProxyView> {
    const { data } = await this.#client.api.get<ProxyView>(this.#proxy(name).getPath());
    return viewOf(data);
  }

  async updateProxy(name: string, change: Partial<Omit<ProxySettings, 'name'>>): Promise<ProxyView> {
    // The client's type wants all of them; the server keeps what is not named.
    await this.#proxy(name).update(change as Required<typeof change>);
    return this.getProxy(name);
  }

  async removeProxy(name: string): Promise<void> {
    await this.#proxy(name).remove();
    this.#made.delete(name);
  }

  async addToxic(proxy: string, toxic: NewToxic): Promise<Toxic> {
    if (toxic.name !== undefined) checkAddressable(toxic.name);
    return toxicOf(await this.#proxy(proxy).addToxic(asClientWants(toxic)));
  }

  async updateToxic(proxy: string, toxic: string, change: ToxicChange): Promise<Toxic> {
    return toxicOf(await this.#toxic(proxy, toxic).update(asClientWants(change)));
  }

  removeToxic(proxy: string, toxic: string): Promise<void> {
    return this.#toxic(proxy, toxic).remove();
  }

  reset(): Promise<void> {
    return this.#client.reset();
  }

  async connections(proxy: string): Promise<readonly ConnectionInfo[] | null> {
    try {
      const path = `${this.#proxy(proxy).getPath()}/connections`;
      return (await this.#client.api.get<readonly ConnectionInfo[]>(path)).data;
    } catch (error) {
      const refusal = error instanceof CloseWaitError ? error.cause : undefined;
      if (refusal instanceof Refusal && refusal.status === 404 && refusal.message !== PROXY_NOT_FOUND)
        return null;
      throw error;
    }
  }

  /** Also when one cannot be removed, the others are. */
  async [Symbol.asyncDispose](): Promise<void> {
    const ended = await Promise.allSettled([...this.#made].map((name) => this.removeProxy(name)));
    const failed = ended.find((one) => one.status === 'rejected' && !isGone(one.reason));
    if (failed?.status === 'rejected') throw failed.reason;
  }

  /** The client makes paths of names as they are: it is given one that is encoded. */
  #proxy(name: string): Proxy {
    const body = { name: encodeURIComponent(name), listen: '', upstream: '', enabled: true, toxics: [] };
    return new Proxy(this.#client, body);
  }

  #toxic(proxy: string, name: string): RemoteToxic<Attributes> {
    const body = asClientWants({ name: encodeURIComponent(name) });
    return new RemoteToxic(this.#client.api, this.#proxy(proxy).getPath(), body);
  }
}

type Attributes = NonNullable<NewToxic['attributes']>;

/** The client's types know eight kinds of toxics and want every field; the server has defaults. */
function asClientWants(toxic: Partial<NewToxic>): ICreateToxicBody<Attributes> {
  return toxic as ICreateToxicBody<Attributes>;
}

/** Some servers show more. */
function viewOf({ name, listen, upstream, enabled, toxics }: ProxyView): ProxyView {
  return { name, listen, upstream, enabled, toxics: toxics.map(toxicOf) };
}

function toxicOf({ name, type, stream, toxicity, attributes }: Toxic): Toxic {
  return { name, type, stream, toxicity, attributes };
}

/** A Toxiproxy makes them, and then nobody can remove them. */
function checkAddressable(name: string): void {
  try {
    checkName(name, 'name');
  } catch (error) {
    throw new CloseWaitError('CW_PROXY_SERVER', (error as Refusal).message, { cause: error });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof CloseWaitError && error.cause instanceof Refusal && error.cause.status === 404;
}
