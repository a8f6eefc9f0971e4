import {
  makeProxy,
  TOXIC_TYPES,
  type FaultProxy,
  type NewToxic,
  type ProxyOptions,
  type Toxic,
} from '#proxy';
import { kernelState } from '#observe';
import { SockDiag } from '#sys';
import { open, Upstream, type End } from './wires.ts';

/** What tests of the data plane need: proxies without an API in front of them, and ways through. */
export interface DataPlane {
  readonly upstream: Upstream;
  /** A proxy in front of the upstream, started. */
  readonly start: (options?: Partial<ProxyOptions> & { upstream?: string }) => Promise<FaultProxy>;
  /** The client's end of a new connection. */
  readonly connect: (proxy: FaultProxy) => Promise<End>;
  /** Both ends of a new connection through a proxy. */
  readonly pair: (proxy: FaultProxy) => Promise<{ readonly client: End; readonly far: End }>;
}

/** Registers the hooks that set it up before each test and clear it away. */
export function dataPlane(): DataPlane {
  let upstream: Upstream;
  const proxies: FaultProxy[] = [];
  const clients: End[] = [];

  beforeEach(async () => {
    upstream = await Upstream.start();
  });
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    for (const proxy of proxies.splice(0)) await proxy.stop();
    await upstream[Symbol.asyncDispose]();
  });

  const connect = async ({ listen }: FaultProxy): Promise<End> => {
    const client = await open(listen);
    clients.push(client);
    return client;
  };
  return {
    get upstream() {
      return upstream;
    },
    start: async ({ upstream: address = upstream.address, seed = 1, strict = false } = {}) => {
      const settings = { name: 'a', listen: '127.0.0.1:0', upstream: address, enabled: true };
      const proxy = makeProxy(settings, { seed, strict });
      proxies.push(proxy);
      await proxy.start();
      return proxy;
    },
    connect,
    pair: async (proxy) => ({ client: await connect(proxy), far: await upstream.accept() }),
  };
}

/** How a new connection ends, which may be before its client is told that it is open. */
export async function endOf({ listen }: FaultProxy): Promise<string> {
  try {
    const client = await open(listen);
    await client.untilEnd();
    client.socket.destroy();
    return client.end;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** A toxic as the API would give it to a proxy: what is left out is as documented. */
export function toxicOf({ type, name, stream = 'downstream', toxicity = 1, attributes }: NewToxic): Toxic {
  const defaults = Object.entries(TOXIC_TYPES[type]!.attributes).map(([key, one]) => [key, one.default]);
  return {
    type,
    stream,
    toxicity,
    name: name ?? `${type}_${stream}`,
    attributes: { ...(Object.fromEntries(defaults) as Toxic['attributes']), ...attributes },
  };
}

/** Resolves when this holds, however long it takes: the test's own time limit ends it. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

/** The state of the kernel's socket of this end. */
export function stateOf({ socket }: End): string | undefined {
  return statesOfPort(socket.localPort!, socket.remotePort!)[0];
}

/** The states of all IPv4 sockets with these ports; 0 is any port. */
export function statesOfPort(local: number, remote: number): (string | undefined)[] {
  const table = new SockDiag();
  try {
    return table
      .dump(4)
      .filter(
        (row) => (local === 0 || row.localPort === local) && (remote === 0 || row.remotePort === remote),
      )
      .map(({ state }) => kernelState(state));
  } finally {
    table.close();
  }
}

/** Bytes of which any change of order or number shows. */
export function pattern(length: number, salt = 0): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; at++) bytes[at] = (Math.imul(at + salt, 0x9e3779b1) >>> 24) ^ at;
  return bytes;
}
