import { readFileSync } from 'node:fs';
import { CloseWaitError, messageOf } from '#core';
import { makeProxy, startApi } from '#proxy';
import { printable } from '#report';
import { readArguments, type Flags } from './arguments.ts';
import type { Command } from './contract.ts';
import { EXIT } from './exit.ts';
import { commandHelp } from './help.ts';
import { listenForInterruption } from './interruption.ts';
import { readSeed } from './run-flags.ts';
import { usage } from './usage.ts';

const LISTEN = '127.0.0.1:8474';

const FLAGS = {
  listen: { type: 'string', value: 'HOST:PORT', help: `where its API listens (default: ${LISTEN})` },
  config: {
    type: 'string',
    value: 'FILE',
    help: 'proxies to begin with, as JSON: what POST /populate takes',
  },
  seed: { type: 'string', value: 'N', help: 'the same seed gives the same faults (default: a random one)' },
  strict: { type: 'boolean', help: "with Toxiproxy's quirks: docs/proxy.md lists them" },
  metrics: { type: 'boolean', help: 'counters for Prometheus at GET /metrics' },
} as const satisfies Flags;

/** `closewait proxy` */
export const proxy: Command = {
  name: 'proxy',
  title: "serve fault proxies with Toxiproxy's API",
  help: () =>
    commandHelp(
      'proxy [FLAG...]',
      [
        "Serves fault proxies with Toxiproxy's HTTP API until SIGINT or SIGTERM, and then ends them all and exits 0.",
        'Its proxies listen on the loopback alone, unless --listen itself is an address beyond it.',
      ],
      FLAGS,
    ),
  run: async (argv, _registry, { stdout, stderr, signals }) => {
    const { values, positionals } = readArguments(argv, FLAGS);
    if (positionals.length > 0)
      throw usage(
        `proxy takes no argument: '${positionals[0]}'`,
        'Proxies are made over its API, or by --config FILE.',
      );
    const { config, listen = LISTEN, strict = false, metrics = false } = values;
    const seed = readSeed(values.seed);
    using interruption = listenForInterruption(signals);
    await using api = await startApi({
      listen,
      strict,
      metrics,
      seed,
      makeProxy,
      ...(config === undefined ? {} : { config: { name: config, text: readConfig(config) } }),
      warn: (text) => void stderr.write(`closewait: WARNING: ${printable(text)}\n`),
    });
    const lines = api.proxies.map((one) => printable(`${one.name}: ${one.listen} -> ${one.upstream}`));
    stdout.write([`the API listens at ${api.url}, seed ${seed}`, ...lines, ''].join('\n'));
    await aborted(interruption.signal);
    return EXIT.hold;
  },
};

/** @throws CW_PROXY_CONFIG */
function readConfig(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new CloseWaitError('CW_PROXY_CONFIG', `${file}: ${messageOf(error)}`, { cause: error });
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
