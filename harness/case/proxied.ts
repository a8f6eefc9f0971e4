import { CloseWaitError, nowUs } from '#core';
import type { Host } from '#lab';
import type { NewToxic, ProxyControl, ToxicChange } from '#proxy';
import { formatAddress, formatEndpoint, parseAddress, type Endpoint, type Family, type Tuple } from '#tcp';
import { Trace } from '#trace';
import { Client, WatchedSocket, type ClientOptions } from '#wire';

/** How soon a proxy has dialled the server, ms. */
const DIAL_MS = 2000;
const LOOK_EVERY_MS = 1;

/** What a proxy of a case stands in. */
export interface Surroundings {
  readonly host: Host;
  readonly family: Family;
  readonly trace: Trace;
  readonly server: Endpoint;
  readonly control: ProxyControl;
  cleanup(undo: () => void): void;
}

/** A fault proxy in front of the server. */
export class CaseProxy {
  readonly name: string;
  /** Where clients find it. */
  readonly endpoint: Endpoint;
  readonly #around: Surroundings;

  /** @param upstream the server, unless told otherwise */
  static async make(
    around: Surroundings,
    name: string,
    toxics: readonly NewToxic[],
    upstream: Endpoint,
  ): Promise<CaseProxy> {
    const loopback = around.family === 4 ? '127.0.0.1:0' : '[::1]:0';
    const told = toxics.map(
      ({ type, stream = 'downstream', attributes }) =>
        `${type} ${stream} ${JSON.stringify(attributes ?? {})}`,
    );
    const made = await around.control.createProxy({
      name,
      listen: loopback,
      upstream: formatEndpoint(upstream),
      toxics,
    });
    around.trace.step(`a proxy before ${made.upstream}${told.length === 0 ? '' : `: ${told.join('; ')}`}`);
    return new CaseProxy(around, name, endpointIn(made.listen));
  }

  private constructor(around: Surroundings, name: string, endpoint: Endpoint) {
    this.#around = around;
    this.name = name;
    this.endpoint = endpoint;
  }

  async add(toxic: NewToxic): Promise<string> {
    this.#around.trace.step(`adds ${toxic.type} ${JSON.stringify(toxic.attributes ?? {})}`);
    return (await this.#around.control.addToxic(this.name, toxic)).name;
  }

  async update(toxic: string, change: ToxicChange): Promise<void> {
    this.#around.trace.step(`updates ${toxic} to ${JSON.stringify(change)}`);
    await this.#around.control.updateToxic(this.name, toxic, change);
  }

  async removeToxic(toxic: string): Promise<void> {
    this.#around.trace.step(`removes ${toxic}`);
    await this.#around.control.removeToxic(this.name, toxic);
  }

  /** Puts another server behind it. */
  async redirect(upstream: Endpoint): Promise<void> {
    this.#around.trace.step(`its upstream is ${formatEndpoint(upstream)} from now on`);
    await this.#around.control.updateProxy(this.name, { upstream: formatEndpoint(upstream) });
  }

  async remove(): Promise<void> {
    this.#around.trace.step('the proxy is removed');
    await this.#around.control.removeProxy(this.name);
  }

  /** A client alone: nobody may be behind the proxy. */
  connect(options: Partial<ClientOptions> = {}): Client {
    const { host, family } = this.#around;
    const near =
      family === 4 ? { ...host, addresses: { 4: '127.0.0.1' } } : { ...host, addresses: { 6: '::1' } };
    const client = new Client(near, { family, remote: this.endpoint, trace: new Trace(), ...options });
    this.#around.cleanup(() => client.dispose());
    return client;
  }

  /** A client, and the connection that the proxy opens to the server for it. @throws CW_UNMET when it opens none */
  async client(options: Partial<ClientOptions> = {}): Promise<Proxied> {
    const { host, family, server } = this.#around;
    const before = new Set(connectionsTo(host, family, server).map(portOf));
    const client = this.connect(options);
    const deadlineUs = nowUs() + DIAL_MS * 1000;
    for (;;) {
      const back = connectionsTo(host, family, server).find((tuple) => !before.has(portOf(tuple)));
      if (back !== undefined) return new Proxied(client, host, back, this.#around.trace);
      if (nowUs() > deadlineUs)
        throw new CloseWaitError(
          'CW_UNMET',
          `the proxy did not connect to ${formatEndpoint(server)} within ${DIAL_MS} ms`,
        );
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}

/** Two connections, and the sockets at their four ends. */
export class Proxied {
  /** The client, to act by. */
  readonly client: Client;
  readonly ends: {
    /** The client's socket. */
    readonly client: WatchedSocket;
    /** The proxy's socket towards the client. */
    readonly front: WatchedSocket;
    /** The proxy's socket towards the server. */
    readonly back: WatchedSocket;
    /** The server's socket. */
    readonly server: WatchedSocket;
  };

  /** @param back the connection to the server as the proxy's socket sees it */
  constructor(client: Client, host: Host, back: Tuple, trace: Trace) {
    this.client = client;
    const front = client.tuple;
    const server = turned(back);
    trace.connection ??= { family: back.family, server: server.local, client: server.remote };
    // The timeline has the two ends that the case is about; the proxy's own are in its steps.
    this.ends = {
      client: new WatchedSocket(host, turned(front), trace, 'client'),
      front: new WatchedSocket(host, front, new Trace()),
      back: new WatchedSocket(host, back, new Trace(), 'client'),
      server: new WatchedSocket(host, server, trace),
    };
    for (const end of [this.ends.client, this.ends.server]) end.state('connected through the proxy');
  }
}

function turned({ family, local, remote }: Tuple): Tuple {
  return { family, local: remote, remote: local };
}

const portOf = ({ local }: Tuple): number => local.port;

/** Connections to a server of this host, as the sockets at their other ends see them. */
function connectionsTo(host: Host, family: Family, server: Endpoint): Tuple[] {
  const remote = Buffer.from(parseAddress(server.address));
  return host
    .sockets!.dump(family, OPENED)
    .filter((row) => row.remotePort === server.port && remote.equals(row.remote))
    .map((row) => ({
      family,
      local: { address: formatAddress(row.local), port: row.localPort },
      remote: server,
    }));
}

/** Of `127.0.0.1:80` or `[::1]:80`. */
function endpointIn(text: string): Endpoint {
  const at = text.lastIndexOf(':');
  return { address: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}

/** All states that a connection can have once it was opened, as a mask of the kernel's numbers. */
const OPENED = [1, 4, 5, 7, 8, 9, 11].reduce((mask, state) => mask | (1 << state), 0);
