import { againCommand } from '#report';
import { readArguments } from './arguments.ts';
import { chooseCases } from './case-choice.ts';
import { withConfig } from './config.ts';
import type { Command } from './contract.ts';
import { execWords } from './exec-flags.ts';
import { execute } from './execute.ts';
import { commandHelp } from './help.ts';
import { readKnown } from './known-file.ts';
import {
  readCaseTimeout,
  readFamilies,
  readPlane,
  readProxy,
  readRepeat,
  readReporting,
  readRequire,
  readScale,
  readSeed,
  readSlow,
  RUN_FLAGS,
} from './run-flags.ts';
import { chooseTargets } from './target-choice.ts';

/** `closewait run` */
export const run: Command = {
  name: 'run',
  title: 'run cases against a server',
  help: () =>
    commandHelp(
      'run [TARGET | HOST:PORT] [SELECTOR...]',
      [
        'Runs cases against a server: without TARGET against the core ones that are installed here (closewait targets).',
        'HOST:PORT is a server that runs already, on this machine: 127.0.0.1:7000, [::1]:7000.',
        "SELECTOR is a case (closewait list), an area, the start of an id or a glob: states, states/fin-, 'states/*wait*'.",
      ],
      RUN_FLAGS,
    ),
  run: async (argv, given, io) => {
    const { values, positionals } = readArguments(argv, RUN_FLAGS);
    const registry = await withConfig(given, values.config);
    const reporting = readReporting(values.reporter, values.json);
    const seed = readSeed(values.seed);
    const repeat = readRepeat(values.repeat);
    const slow = readSlow(values.slow, values['skip-slow']);
    const scale = readScale(values.scale);
    const proxy = readProxy(values.proxy);
    const caseTimeoutMs = readCaseTimeout(values['case-timeout']) ?? registry.caseTimeoutMs;
    const { targets, selectors, family, word, isDefault } = chooseTargets(positionals, values, registry);
    const { chosen, tooSlow } = chooseCases(registry.cases, {
      selectors,
      exclude: values.exclude ?? [],
      tags: values.tag ?? [],
      require: readRequire(values.require),
      slow,
    });
    const families = readFamilies(values.family, family);
    const known = values.known === undefined ? undefined : readKnown(values.known, registry);
    const own = execWords(values);
    const target = word === null && own.length === 0 ? undefined : [...(word === null ? [] : [word]), ...own];
    const kept = ['as', 'config', 'plane', 'proxy', 'scale', 'case-timeout'] as const;
    const flags = [
      ...kept.flatMap((name) => (values[name] === undefined ? [] : [`--${name}`, values[name]])),
      ...(slow ? ['--slow'] : []),
    ];
    return execute(
      {
        targets,
        cases: chosen,
        families,
        plane: readPlane(values.plane),
        seed,
        repeat,
        slow,
        ...(proxy === undefined ? {} : { proxy }),
        ...(scale === undefined ? {} : { scale }),
        ...(caseTimeoutMs === undefined ? {} : { caseTimeoutMs }),
        ...(known === undefined ? {} : { known }),
      },
      registry,
      io,
      {
        ...reporting,
        color: values['no-color'] !== true,
        requirePrivileged: values['require-privileged'] === true,
        notes: [
          ...(isDefault
            ? [
                registry.core === given.core
                  ? 'these servers are the core; --all runs every one that is installed (closewait targets)'
                  : `these servers are those of ${registry.config}`,
              ]
            : []),
          ...(tooSlow.length === 0
            ? []
            : [`left out as slow: ${tooSlow.map(({ id }) => id).join(', ')}; --slow runs them`]),
        ],
        again: (result) => againCommand(result, seed, { target, flags }),
      },
    );
  },
};
