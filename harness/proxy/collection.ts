import { mayStayAt, staysAt, type Admit } from './addresses.ts';
import type { FaultProxy, ProxySettings, Toxic, ToxicChange } from './contract.ts';
import { NameLocks } from './name-locks.ts';
import { PROXY_EXISTS, PROXY_NOT_FOUND, Refusal, refusalOf, TOXIC_NOT_FOUND } from './refusal.ts';
import type { ProxyRequest } from './requests.ts';

/** A list of proxies was not made whole. */
export class PopulateRefusal extends Refusal {
  /** Those that were made before. */
  readonly done: readonly FaultProxy[];
  /** Which of the list failed, from 0. */
  readonly at: number;

  constructor({ status, message }: Refusal, done: readonly FaultProxy[], at: number) {
    super(status, message);
    this.done = done;
    this.at = at;
  }
}

type ProxyChange = Partial<Omit<ProxySettings, 'name'>>;

/** What the collection needs of the server that it belongs to. */
export interface CollectionOptions {
  readonly strict: boolean;
  /** @throws CloseWaitError */
  make(settings: ProxySettings): FaultProxy;
  readonly admit: Admit;
}

/**
 * The proxies of a server by name. What changes one waits for what changes the same one, and for nothing else.
 * Everything that is refused throws a {@link Refusal}.
 */
export class Collection {
  readonly #options: CollectionOptions;
  readonly #proxies = new Map<string, FaultProxy>();
  readonly #locks = new NameLocks();
  #closed = false;

  constructor(options: CollectionOptions) {
    this.#options = options;
  }

  /** By name. */
  list(): FaultProxy[] {
    return [...this.#proxies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, proxy]) => proxy);
  }

  get(name: string): FaultProxy {
    const proxy = this.#proxies.get(name);
    if (proxy === undefined) throw new Refusal(404, PROXY_NOT_FOUND);
    return proxy;
  }

  create(request: ProxyRequest): Promise<FaultProxy> {
    return this.#alone(request.name, async () => {
      if (this.#proxies.has(request.name)) throw new Refusal(409, PROXY_EXISTS);
      return this.#add(request);
    });
  }

  /** In order. Those that are there already and do not differ keep their connections. @throws PopulateRefusal */
  async populate(requests: readonly ProxyRequest[]): Promise<FaultProxy[]> {
    const done: FaultProxy[] = [];
    for (const [at, request] of requests.entries()) {
      try {
        done.push(await this.#alone(request.name, () => this.#place(request)));
      } catch (error) {
        throw new PopulateRefusal(refusalOf(error), done, at);
      }
    }
    return done;
  }

  update(name: string, change: ProxyChange): Promise<FaultProxy> {
    return this.#with(name, async (proxy) => {
      await proxy.update(await this.#settled(proxy, change));
      return proxy;
    });
  }

  remove(name: string): Promise<void> {
    return this.#with(name, async (proxy) => {
      // From now on nobody finds it; its name is free only when it has stopped.
      this.#proxies.delete(name);
      await proxy.stop();
    });
  }

  /** @param read makes the toxic of what the proxy has */
  addToxic(name: string, read: (proxy: FaultProxy) => Toxic): Promise<Toxic> {
    return this.#with(name, (proxy) => proxy.addToxic(read(proxy)));
  }

  /** @param read makes the change of what the toxic is; a refusal with it is thrown once it has been made */
  updateToxic(
    name: string,
    toxicName: string,
    read: (toxic: Toxic) => { readonly change: ToxicChange; readonly refusal: Refusal | null },
  ): Promise<Toxic> {
    return this.#with(name, async (proxy) => {
      const { change, refusal } = read(toxicOf(proxy, toxicName));
      const toxic = await proxy.updateToxic(toxicName, change);
      if (refusal !== null) throw refusal;
      return toxic;
    });
  }

  removeToxic(name: string, toxicName: string): Promise<void> {
    return this.#with(name, (proxy) => proxy.removeToxic(toxicOf(proxy, toxicName).name));
  }

  /** Starts all, and removes all toxics. */
  async reset(): Promise<void> {
    const refused: Refusal[] = [];
    for (const { name } of this.list()) {
      try {
        await this.#alone(name, async () => {
          const proxy = this.#proxies.get(name);
          if (proxy === undefined) return;
          if (!proxy.enabled) await proxy.update(await this.#settled(proxy, { enabled: true }));
          await proxy.removeAllToxics();
        });
      } catch (error) {
        refused.push(refusalOf(error));
        if (this.#options.strict) break;
      }
    }
    const [first] = refused;
    if (first !== undefined)
      throw new Refusal(first.status, refused.map(({ message }) => message).join('; '));
  }

  /** Stops all. What is still being made is stopped as soon as it is there. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.list().map((proxy) => proxy.stop()));
  }

  async #place(request: ProxyRequest): Promise<FaultProxy> {
    const present = this.#proxies.get(request.name);
    if (present === undefined) return this.#add(request);
    const stays = this.#options.strict
      ? staysAt(present.listen, request.listen, true)
      : mayStayAt(present.listen, request.listen);
    if ((await stays) && present.upstream === request.upstream) {
      await renewToxics(present, request.toxics);
      return present;
    }
    return this.#replace(present, request);
  }

  async #add(request: ProxyRequest): Promise<FaultProxy> {
    const { toxics, ...settings } = request;
    const proxy = this.#options.make({ ...settings, listen: await this.#address(request) });
    // Before it starts, so that no connection is without them.
    for (const toxic of toxics) await proxy.addToxic(toxic);
    if (request.enabled) await proxy.start();
    if (this.#closed) {
      await proxy.stop();
      throw new Refusal(503, 'the server is closing');
    }
    this.#proxies.set(request.name, proxy);
    return proxy;
  }

  async #replace(present: FaultProxy, request: ProxyRequest): Promise<FaultProxy> {
    // What cannot be bound at all does not stop what is there.
    await this.#address(request);
    const wasEnabled = present.enabled;
    await present.stop();
    try {
      return await this.#add(request);
    } catch (error) {
      if (wasEnabled && !this.#options.strict && !this.#closed) await present.start();
      throw error;
    }
  }

  /** The address of a new proxy: as it was asked for until it is started. */
  async #address({ listen, enabled }: ProxyRequest): Promise<string> {
    if (!enabled && this.#options.strict) return listen;
    try {
      const address = await this.#options.admit(listen);
      return enabled ? address : listen;
    } catch (error) {
      const { status, message } = refusalOf(error);
      throw new Refusal(status, status === 500 ? `listen tcp: ${message}` : message, error);
    }
  }

  /** A change without what is no change, and with an address that can be bound. */
  async #settled(proxy: FaultProxy, { listen, ...change }: ProxyChange): Promise<ProxyChange> {
    const { admit, strict } = this.#options;
    const enabled = change.enabled ?? proxy.enabled;
    const moves = listen !== undefined && !(await staysAt(proxy.listen, listen, strict));
    if (!moves && (proxy.enabled || !enabled)) return change;
    const wanted = moves ? listen : proxy.listen;
    if (!enabled && strict) return { ...change, listen: wanted };
    const address = await admit(wanted);
    return { ...change, listen: enabled ? address : wanted };
  }

  #with<T>(name: string, work: (proxy: FaultProxy) => Promise<T>): Promise<T> {
    return this.#alone(name, () => work(this.get(name)));
  }

  async #alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#locks.run(name, work);
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** @throws Refusal 404 */
export function toxicOf(proxy: FaultProxy, name: string): Toxic {
  const toxic = proxy.toxics.find((one) => one.name === name);
  if (toxic === undefined) throw new Refusal(404, TOXIC_NOT_FOUND);
  return toxic;
}

/** An empty list says nothing: clients send one for want of anything else. */
async function renewToxics(proxy: FaultProxy, toxics: readonly Toxic[]): Promise<void> {
  if (toxics.length === 0 || sameToxics(proxy.toxics, toxics)) return;
  await proxy.removeAllToxics();
  for (const toxic of toxics) await proxy.addToxic(toxic);
}

function sameToxics(present: readonly Toxic[], wanted: readonly Toxic[]): boolean {
  const texts = (toxics: readonly Toxic[], stream: string): string[] =>
    toxics.filter((toxic) => toxic.stream === stream).map(textOf);
  return ['upstream', 'downstream'].every(
    (stream) => texts(present, stream).join('\n') === texts(wanted, stream).join('\n'),
  );
}

function textOf({ name, type, toxicity, attributes }: Toxic): string {
  const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, type, toxicity, sorted]);
}
