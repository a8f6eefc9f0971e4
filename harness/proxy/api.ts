import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloseWaitError, messageOf, random } from '#core';
import { admission, formatHostPort, isLoopback, resolveListen } from './addresses.ts';
import { Collection, PopulateRefusal } from './collection.ts';
import type { FaultProxy, MakeProxy, ProxySettings } from './contract.ts';
import { requestListener } from './http.ts';
import { JsonError, parseFirst } from './json/index.ts';
import { Refusal } from './refusal.ts';
import { readProxies } from './requests.ts';

export interface ApiOptions {
  /** `host:port` of the API itself; port 0 is chosen by the kernel. */
  readonly listen: string;
  /** As the original does it, quirks and all (docs/proxy.md). */
  readonly strict: boolean;
  /** Of 32 bits; each proxy's own is made of it and the proxy's name. */
  readonly seed: number;
  /** Whether GET /metrics is there. */
  readonly metrics: boolean;
  readonly makeProxy: MakeProxy;
  /** Proxies to be there before the first request: a file's name, and the list in it, as POST /populate takes it. */
  readonly config?: { readonly name: string; readonly text: string };
  /** Told what must not be overlooked; default: stderr. */
  readonly warn?: (text: string) => void;
}

/** A server that speaks Toxiproxy's API. */
export interface Api extends AsyncDisposable {
  /** `http://127.0.0.1:8474` */
  readonly url: string;
  /** Those of the configuration. */
  readonly proxies: readonly Pick<ProxySettings, 'name' | 'listen' | 'upstream'>[];
  /** Ends all: the API, the proxies, their connections. */
  close(): Promise<void>;
}

/** How long requests under way have when the server is closed. */
const LAST_MS = 1000;

/** @throws CW_PROXY_API where the address cannot be listened at, CW_PROXY_CONFIG with the entry at fault */
export async function startApi(options: ApiOptions): Promise<Api> {
  const { strict, seed, metrics, makeProxy, config, warn = warnOnStderr } = options;
  const { host, port } = await resolve(options.listen);
  const anywhere = !isLoopback(host);
  const collection = new Collection({
    strict,
    make: (settings) =>
      makeProxy(settings, {
        strict,
        seed: random(seed)
          .fork(settings.name)
          .below(2 ** 32),
      }),
    admit: admission(anywhere, strict, warn),
  });
  const proxies = config === undefined ? [] : await populate(config, collection, strict);
  const server = createServer(
    {
      requestTimeout: 15_000,
      headersTimeout: 15_000,
      keepAliveTimeout: 60_000,
      connectionsCheckingInterval: 1000,
    },
    requestListener({ collection, strict, metrics }),
  );
  try {
    await listen(server, host, port);
  } catch (error) {
    await collection.close();
    throw error;
  }
  const address = server.address() as AddressInfo;
  const shown = formatHostPort({ host: address.address, port: address.port });
  if (anywhere) {
    warn(
      `the API listens at ${shown}, beyond this machine's loopback, and asks for no password: ` +
        'whoever reaches it can open ports and connections here',
    );
  }
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= end(server, collection));
  return {
    url: `http://${shown}`,
    proxies,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function resolve(text: string) {
  try {
    return await resolveListen(text);
  } catch (error) {
    throw new CloseWaitError('CW_PROXY_API', `the API cannot listen at '${text}': ${messageOf(error)}`);
  }
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  try {
    // Throws too where the server emits an error first.
    await once(server.listen(port, host === '' ? '::' : host), 'listening');
  } catch (error) {
    const where = formatHostPort({ host, port });
    throw new CloseWaitError('CW_PROXY_API', `the API cannot listen at ${where}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

async function end(server: Server, collection: Collection): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), LAST_MS);
  await collection.close();
  await closed;
  clearTimeout(timer);
}

async function populate(
  { name, text }: { readonly name: string; readonly text: string },
  collection: Collection,
  strict: boolean,
): Promise<FaultProxy[]> {
  try {
    const { value } = parseFirst(text);
    return await collection.populate(readProxies(value, { strict }));
  } catch (error) {
    await collection.close();
    throw new CloseWaitError('CW_PROXY_CONFIG', `${name}: ${configMessage(error, text)}`, { cause: error });
  }
}

function configMessage(error: unknown, text: string): string {
  if (error instanceof JsonError && error.offset !== undefined) {
    const before = text.slice(0, error.offset).split('\n');
    return `line ${before.length}, column ${before.at(-1)!.length + 1}: ${error.message}`;
  }
  if (error instanceof PopulateRefusal) return `proxy ${error.at + 1}: ${error.message}`;
  if (error instanceof Refusal) return error.message;
  throw error;
}

function warnOnStderr(text: string): void {
  process.stderr.write(`closewait: WARNING: ${text}\n`);
}
