import { printableJson } from '#report';
import { readArguments, JSON_FLAG, type Flags } from './arguments.ts';
import { CONFIG_FLAG } from './config-flag.ts';
import { withConfig } from './config.ts';
import type { Command } from './contract.ts';
import { EXEC_FLAGS } from './exec-flags.ts';
import { EXIT } from './exit.ts';
import { commandHelp } from './help.ts';
import { differences, learnedFlags, learnedTraits, renderLearned } from './probe-report.ts';
import { readCaseTimeout, readPlane, RUN_FLAGS } from './run-flags.ts';
import { chooseTargets } from './target-choice.ts';
import { usage } from './usage.ts';

const FLAGS = {
  ...EXEC_FLAGS,
  config: CONFIG_FLAG,
  plane: RUN_FLAGS.plane,
  'case-timeout': {
    type: 'string',
    value: 'S',
    help: 'the longest that is waited for one thing, seconds (default: 10)',
  },
  json: JSON_FLAG,
} as const satisfies Flags;

const WAIT_MS = 10_000;

/** `closewait probe` */
export const probe: Command = {
  name: 'probe',
  title: 'learn what a server does where the RFC leaves it free, and print it as configuration',
  help: () =>
    commandHelp(
      'probe TARGET | HOST:PORT | --exec CMD',
      [
        'Learns the traits of a server by trying: what it does with half-closed, idle, slow and vanished clients, and when.',
        'Prints them as configuration and as --trait flags; of a server that closewait knows, what differs from what it declares.',
      ],
      FLAGS,
    ),
  run: async (argv, given, { stdout }) => {
    const { values, positionals } = readArguments(argv, FLAGS);
    const registry = await withConfig(given, values.config);
    if (positionals.length > 1 || (positionals.length === 1 && values.exec !== undefined))
      throw usage('probe takes one server', 'closewait probe TARGET, HOST:PORT or --exec CMD');
    if (positionals.length === 0 && values.exec === undefined)
      throw usage('no server is named', 'closewait probe TARGET, HOST:PORT or --exec CMD');
    const {
      targets: [target],
      selectors,
    } = chooseTargets(positionals, values, registry);
    if (selectors.length > 0) throw usage(`'${selectors[0]}' is a case, and probe takes a server`);
    const waitMs = readCaseTimeout(values['case-timeout']) ?? WAIT_MS;
    const learned = await registry.learn(target!, { plane: readPlane(values.plane), waitMs });
    if (values.json === true) {
      const { findings } = learned;
      const told = {
        target: learned.target,
        traits: learnedTraits(findings),
        flags: learnedFlags(findings),
        findings,
      };
      stdout.write(
        printableJson(target!.speaks === undefined ? { ...told, differences: differences(learned) } : told),
      );
    } else {
      stdout.write(`${renderLearned(learned, target!).join('\n')}\n`);
    }
    return EXIT.hold;
  },
};
