import { CloseWaitError, random } from '#core';
import { admission } from './addresses.ts';
import { readToxicChange } from './attributes.ts';
import { Collection } from './collection.ts';
import type {
  ConnectionInfo,
  FaultProxy,
  MakeProxy,
  ProxyOptions,
  ProxySettings,
  Toxic,
  ToxicChange,
} from './contract.ts';
import type { NewProxy, NewToxic, ProxyControl, ProxyView } from './control.ts';
import { parseFirst, type Json } from './json/index.ts';
import { Refusal } from './refusal.ts';
import { readProxy, readProxyChange, readToxic } from './requests.ts';
import { API_VERSION } from './routes.ts';

export interface EmbeddedOptions extends ProxyOptions {
  readonly makeProxy: MakeProxy;
}

/**
 * Proxies in this process, at loopback addresses alone. What is asked of them is checked as over HTTP without --strict;
 * `strict` is for how they treat connections.
 */
export function embeddedControl(options: EmbeddedOptions): ProxyControl {
  return new Embedded(options);
}

class Embedded implements ProxyControl {
  readonly where = 'in process';
  readonly #collection: Collection;

  constructor({ makeProxy, seed, strict }: EmbeddedOptions) {
    this.#collection = new Collection({
      strict: false,
      make: (settings) =>
        makeProxy(settings, {
          strict,
          seed: random(seed)
            .fork(settings.name)
            .below(2 ** 32),
        }),
      admit: admission(false, false, () => undefined),
    });
  }

  async version(): Promise<string> {
    return API_VERSION;
  }

  createProxy(proxy: NewProxy): Promise<ProxyView> {
    return refusing(async () =>
      viewOf(await this.#collection.create(readProxy(json({ ...DEFAULTS, ...proxy }), MANNER))),
    );
  }

  async listProxies(): Promise<ProxyView[]> {
    return this.#collection.list().map(viewOf);
  }

  getProxy(name: string): Promise<ProxyView> {
    return refusing(() => viewOf(this.#collection.get(name)));
  }

  updateProxy(name: string, change: Partial<Omit<ProxySettings, 'name'>>): Promise<ProxyView> {
    return refusing(async () =>
      viewOf(await this.#collection.update(name, readProxyChange(json(change), MANNER))),
    );
  }

  removeProxy(name: string): Promise<void> {
    return refusing(() => this.#collection.remove(name));
  }

  addToxic(proxy: string, toxic: NewToxic): Promise<Toxic> {
    return refusing(() =>
      this.#collection.addToxic(proxy, ({ toxics }) =>
        readToxic(json(toxic), MANNER, (name) => toxics.some((one) => one.name === name)),
      ),
    );
  }

  updateToxic(proxy: string, toxic: string, change: ToxicChange): Promise<Toxic> {
    return refusing(() =>
      this.#collection.updateToxic(proxy, toxic, ({ type }) => readToxicChange(json(change), type, MANNER)),
    );
  }

  removeToxic(proxy: string, toxic: string): Promise<void> {
    return refusing(() => this.#collection.removeToxic(proxy, toxic));
  }

  reset(): Promise<void> {
    return refusing(() => this.#collection.reset());
  }

  connections(proxy: string): Promise<readonly ConnectionInfo[] | null> {
    return refusing(() => this.#collection.get(proxy).connections());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#collection.close();
  }
}

const DEFAULTS = { listen: '127.0.0.1:0' };
const MANNER = { strict: false };

function json(value: object): Json {
  return parseFirst(JSON.stringify(value)).value;
}

function viewOf({ name, listen, upstream, enabled, toxics }: FaultProxy): ProxyView {
  return { name, listen, upstream, enabled, toxics: [...toxics] };
}

/** @throws CW_PROXY_SERVER, as a server over HTTP would make it */
async function refusing<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new CloseWaitError('CW_PROXY_SERVER', error.message, { cause: error });
  }
}
