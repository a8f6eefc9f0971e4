import { DIFFERENCES, makeProxy, startApi, type Difference, type DifferenceId } from '#proxy';
import { ask, type Reply } from './ask.ts';
import { startToxiproxy, TOXIPROXY_SERVER, toxiproxyMissing, withoutToxiproxy } from './toxiproxy.ts';

/** A server that the contract tests ask. */
export interface Server {
  readonly url: string;
  readonly ask: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Reply>;
  /** Whether this server does otherwise than Toxiproxy in this. */
  readonly differs: (id: DifferenceId) => boolean;
}

interface Kind {
  readonly name: string;
  /** Why it cannot be asked here; empty: it can. */
  readonly missing: string;
  readonly differs: (id: DifferenceId) => boolean;
  readonly start: () => Promise<{ readonly url: string; close(): Promise<void> }>;
}

const embedded = (name: string, strict: boolean): Kind => ({
  name,
  missing: '',
  differs: (id) => !strict || (DIFFERENCES[id] as Difference).strictToo === true,
  start: () => startApi({ listen: '127.0.0.1:0', strict, seed: 1, metrics: true, makeProxy }),
});

const REAL: Kind = {
  name: 'Toxiproxy 2.12.0',
  missing: toxiproxyMissing(TOXIPROXY_SERVER),
  differs: () => false,
  start: startToxiproxy,
};

const KINDS = [
  embedded('the embedded proxy', false),
  embedded('the embedded proxy with --strict', true),
  ...(withoutToxiproxy ? [] : [REAL]),
];

/**
 * The same tests of the embedded proxy, of it with --strict, and of Toxiproxy itself. What they may do otherwise is in
 * DIFFERENCES, and nowhere else. Before each test there is no proxy.
 */
export function contract(title: string, tests: (server: Server) => void): void {
  for (const { name, missing, differs, start } of KINDS) {
    describe(`${title}: ${name}${missing === '' ? '' : ` (${missing})`}`, () => {
      let running: { readonly url: string; close(): Promise<void> } | undefined;
      const server: Server = {
        get url() {
          return running!.url;
        },
        ask: (...given) => ask(running!.url, ...given),
        differs,
      };
      before(async function () {
        if (missing !== '') this.skip();
        running = await start();
      });
      beforeEach(async () => {
        const { json } = await server.ask('GET', '/proxies');
        for (const proxy of Object.keys(json as object))
          await server.ask('DELETE', `/proxies/${encodeURIComponent(proxy)}`);
      });
      after(() => running?.close());
      tests(server);
    });
  }
}
