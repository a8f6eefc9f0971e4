import type { Difference } from './contract.ts';

/** The server itself: flags, files, logs. */
export const COMMAND_DIFFERENCES = {
  'config-errors': {
    original: 'An error in the file of `-config` is logged, and the server runs on without its proxies.',
    ours: '`--config` ends the command with the entry and the reason.',
    why: 'Tests against proxies that are not there fail for a reason that nobody sees.',
    strictToo: true,
  },
  seed: {
    original: '`-seed` has no effect since 2.9.0.',
    ours: '`--seed` gives the same draws for the same connections; without it the seed is random, and printed.',
    why: 'A failure that was found by chance must be found again.',
    strictToo: true,
  },
  'runtime-metrics': {
    original: '`-runtime-metrics` shows the counters of Go.',
    ours: 'There are none; `--metrics` shows those of the proxies.',
    why: 'It is not Go.',
    strictToo: true,
  },
  logs: {
    original: 'A JSON line on stdout for each event.',
    ours: 'Where it listens, on stdout; warnings on stderr.',
    why: 'The list of connections and the metrics say the same when they are asked.',
    strictToo: true,
  },
} as const satisfies Record<string, Difference>;
