// `npm run docs:proxy` writes docs/proxy.md from the tables of toxics and of differences.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { DIFFERENCES_BY_PART, type Difference } from '#proxy';
import { toxicsTable } from './proxy-doc/toxics.ts';

export const PROXY_PAGE = join(import.meta.dirname, '../docs/proxy.md');

const TITLES: Readonly<Record<keyof typeof DIFFERENCES_BY_PART, string>> = {
  stream: 'Connections and bytes',
  api: 'The API',
  command: 'The server',
};

/** docs/proxy.md as the tables have it. */
export async function proxyPage(): Promise<string> {
  const differences = Object.entries(TITLES).map(([part, title]) => {
    const entries = Object.entries(DIFFERENCES_BY_PART[part as keyof typeof DIFFERENCES_BY_PART]);
    return `### ${title}\n\n${entries.map(([id, entry]) => differenceText(id, entry)).join('\n')}`;
  });
  const page = `${INTRODUCTION}
## Toxics

\`POST /proxies/{proxy}/toxics\` takes \`{"type", "name", "stream", "toxicity", "attributes"}\`; only \`type\` is needed. \`stream\` is
\`downstream\` (server to client, the default) or \`upstream\`. \`toxicity\` is the share of connections that it acts on, 0 to 1;
each connection is decided once, from the seed. Attributes are whole numbers of 0 or more, unless the table says otherwise; what is
left out is 0, or the first of the words. Toxics of one direction act in the order in which they were added, also on connections that are open.

${toxicsTable()}

## Differences from Toxiproxy

\`--strict\` does as Toxiproxy 2.12.0 does, but for what is marked with *also with \`--strict\`*. The same tests run against both, and
this list is what they go by.

${differences.join('\n\n')}
`;
  return format(page, { parser: 'markdown', singleQuote: true, printWidth: 110 });
}

function differenceText(id: string, { original, ours, why, strictToo }: Difference): string {
  const mark = strictToo === true ? ', also with `--strict`' : '';
  return `- **${id}**${mark}\n  - Toxiproxy: ${original}\n  - Here: ${ours}\n  - Why: ${why}`;
}

const INTRODUCTION = `# Fault proxies

\`closewait proxy\` serves TCP proxies that delay, cut, hold, slice or reset what passes through them. It speaks the HTTP API of
[Toxiproxy](https://github.com/Shopify/toxiproxy) 2.12, so that its clients work unchanged, and keeps what Toxiproxy loses: a FIN and a RST
are events of the stream, in order with the data, and a half-closed connection stays half-closed through it.

\`\`\`shell
npx closewait proxy                        # http://127.0.0.1:8474, as Toxiproxy
npx closewait proxy --config proxies.json  # with these proxies
npx closewait proxy --strict               # with Toxiproxy's quirks
npx closewait proxy --metrics --seed 7     # counters at GET /metrics; the same faults as another run with seed 7
\`\`\`

It ends with SIGINT or SIGTERM, and its proxies and connections with it. It listens on the loopback alone, and so do its proxies, unless
\`--listen\` says otherwise (\`--listen 0.0.0.0:8474\` in a container): whoever reaches the API can open ports and connections there.

\`proxies.json\` is what \`POST /populate\` takes:

\`\`\`json
[
  {
    "name": "redis",
    "listen": "127.0.0.1:26379",
    "upstream": "127.0.0.1:6379",
    "toxics": [{ "type": "latency", "attributes": { "latency": 100 } }]
  }
]
\`\`\`

\`GET /proxies/redis/connections\` lists the open connections: their addresses, the bytes that have passed each way, whether a
FIN or RST has, and the toxics that act on each.

## With toxiproxy-node-client

\`\`\`js
import { Toxiproxy } from 'toxiproxy-node-client';

const toxiproxy = new Toxiproxy('http://127.0.0.1:8474');
const proxy = await toxiproxy.createProxy({
  name: 'redis',
  listen: '127.0.0.1:0',
  upstream: '127.0.0.1:6379',
});
console.log('connect to', proxy.listen);
const toxic = await proxy.addToxic({
  name: 'held',
  type: 'hold_fin',
  stream: 'upstream',
  toxicity: 1,
  attributes: { timeout: 500 },
});
await toxic.remove();
await proxy.remove();
\`\`\`

## With toxiproxy-cli

\`\`\`shell
toxiproxy-cli create --listen 127.0.0.1:26379 --upstream 127.0.0.1:6379 redis
toxiproxy-cli toxic add --type half_close --attribute timeout=500 redis
toxiproxy-cli inspect redis
toxiproxy-cli toxic remove --toxicName half_close_downstream redis
toxiproxy-cli delete redis
\`\`\`

\`--host URL\`, or the variable \`TOXIPROXY_URL\`, names a server at another address.

## With testcontainers

The Toxiproxy modules of testcontainers wait for \`GET /version\` at port 8474 and make proxies at the ports 8666 to 8697 of their container. An
image that runs \`closewait proxy --listen 0.0.0.0:8474\` takes the place of theirs:

\`\`\`js
const container = await new ToxiProxyContainer('closewait').start();
const proxied = await container.createProxy({ name: 'redis', upstream: 'redis:6379' });
\`\`\`
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PROXY_PAGE, await proxyPage());
