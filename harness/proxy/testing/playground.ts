import { remoteControl, type NewToxic, type ProxyControl } from '#proxy';
import type { Server } from './contract.ts';
import { open, Upstream, type End } from './wires.ts';

/** What tests of connections need: an upstream of their own for each, a control, and ways through a proxy. */
export interface Playground {
  readonly control: ProxyControl;
  readonly upstream: Upstream;
  /** The address of a new proxy, called `a`, in front of the upstream. */
  readonly proxied: (...toxics: NewToxic[]) => Promise<string>;
  /** Both ends of a new connection through such a proxy. */
  readonly pair: (...toxics: NewToxic[]) => Promise<{ client: End; far: End }>;
  /** The client's end of a new connection. */
  readonly connect: (address: string) => Promise<End>;
}

/** Registers the hooks that set it up before each test and clear it away. */
export function playground(server: Server): Playground {
  let control: ProxyControl;
  let upstream: Upstream;
  const clients: End[] = [];

  beforeEach(async () => {
    control = remoteControl(server.url);
    upstream = await Upstream.start();
  });
  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.destroy();
    await upstream[Symbol.asyncDispose]();
    await control[Symbol.asyncDispose]();
  });

  const proxied = async (...toxics: NewToxic[]): Promise<string> => {
    const { listen } = await control.createProxy({ name: 'a', upstream: upstream.address, toxics });
    return listen;
  };
  const connect = async (address: string): Promise<End> => {
    const client = await open(address);
    clients.push(client);
    return client;
  };
  return {
    get control() {
      return control;
    },
    get upstream() {
      return upstream;
    },
    proxied,
    connect,
    pair: async (...toxics) => ({
      client: await connect(await proxied(...toxics)),
      far: await upstream.accept(),
    }),
  };
}
