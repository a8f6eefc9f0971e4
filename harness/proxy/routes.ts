import { populatedJson, proxiesJson, proxyJson, toxicJson, toxicsJson } from './answers.ts';
import { readToxicChange } from './attributes.ts';
import { PopulateRefusal, toxicOf, type Collection } from './collection.ts';
import { METRICS_TYPE, metricsText } from './metrics.ts';
import { refusalOf } from './refusal.ts';
import { readJson, readProxies, readProxy, readProxyChange, readToxic } from './requests.ts';

/** What a route works with. */
export interface RouteContext {
  readonly collection: Collection;
  readonly strict: boolean;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
}

/** What is in the braces of its path, and the body, to an answer. @throws Refusal */
export type Handler = (
  context: RouteContext,
  names: readonly string[],
  body: string,
) => Answer | Promise<Answer>;

export interface Route {
  readonly path: string;
  /** `*`: any method. */
  readonly methods: Readonly<Record<string, Handler>>;
  /** Not of the original. */
  readonly extension?: true;
  /** Only with --metrics. */
  readonly metrics?: true;
}

/** The Toxiproxy release that is spoken here; clients choose what they send by it. */
export const API_VERSION = '2.12.0';

const ok = (body: string): Answer => ({ status: 200, body });
const EMPTY: Answer = { status: 204, body: '' };

const updateProxy: Handler = async ({ collection, strict }, [name = ''], body) => {
  collection.get(name);
  const change = readProxyChange(readJson(body, { strict }), { strict });
  return ok(proxyJson(await collection.update(name, change), strict));
};

const updateToxic: Handler = async ({ collection, strict }, [name = '', toxicName = ''], body) => {
  const toxic = await collection.updateToxic(name, toxicName, ({ type }) =>
    readToxicChange(readJson(body, { strict }), type, { strict }),
  );
  return ok(toxicJson(toxic));
};

const populate: Handler = async ({ collection, strict }, _, body) => {
  try {
    const requests = readProxies(readJson(body, { strict }), { strict });
    const proxies = await collection.populate(requests);
    return { status: 201, body: populatedJson(proxies, strict) };
  } catch (error) {
    const refusal = refusalOf(error);
    const done = error instanceof PopulateRefusal ? error.done : null;
    return { status: refusal.status, body: populatedJson(done, strict, refusal) };
  }
};

/** The API, whole. */
export const ROUTES: readonly Route[] = [
  {
    path: '/proxies',
    methods: {
      GET: ({ collection, strict }) => ok(proxiesJson(collection.list(), strict)),
      POST: async ({ collection, strict }, _, body) => {
        const request = readProxy(readJson(body, { strict }), { strict });
        return { status: 201, body: proxyJson(await collection.create(request), strict) };
      },
    },
  },
  { path: '/populate', methods: { POST: populate } },
  {
    path: '/proxies/{proxy}',
    methods: {
      GET: ({ collection, strict }, [name = '']) => ok(proxyJson(collection.get(name), strict)),
      POST: updateProxy,
      PATCH: updateProxy,
      DELETE: async ({ collection }, [name = '']) => {
        await collection.remove(name);
        return EMPTY;
      },
    },
  },
  {
    path: '/proxies/{proxy}/toxics',
    methods: {
      GET: ({ collection }, [name = '']) => ok(toxicsJson(collection.get(name).toxics)),
      POST: async ({ collection, strict }, [name = ''], body) => {
        const toxic = await collection.addToxic(name, ({ toxics }) =>
          readToxic(readJson(body, { strict }), { strict }, (word) =>
            toxics.some((one) => one.name === word),
          ),
        );
        return ok(toxicJson(toxic));
      },
    },
  },
  {
    path: '/proxies/{proxy}/toxics/{toxic}',
    methods: {
      GET: ({ collection }, [name = '', toxic = '']) => ok(toxicJson(toxicOf(collection.get(name), toxic))),
      POST: updateToxic,
      PATCH: updateToxic,
      DELETE: async ({ collection }, [name = '', toxic = '']) => {
        await collection.removeToxic(name, toxic);
        return EMPTY;
      },
    },
  },
  {
    path: '/proxies/{proxy}/connections',
    extension: true,
    methods: {
      GET: ({ collection }, [name = '']) => ok(JSON.stringify(collection.get(name).connections())),
    },
  },
  {
    path: '/reset',
    methods: {
      POST: async ({ collection }) => {
        await collection.reset();
        return EMPTY;
      },
    },
  },
  {
    path: '/version',
    methods: {
      GET: () => ({
        status: 200,
        body: `{"version": "${API_VERSION}"}\n`,
        type: 'application/json;charset=utf-8',
      }),
    },
  },
  {
    path: '/metrics',
    metrics: true,
    methods: {
      '*': ({ collection }) => ({ status: 200, body: metricsText(collection.list()), type: METRICS_TYPE }),
    },
  },
];
