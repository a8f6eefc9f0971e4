import { alignColumns, printable, printableJson } from '#report';
import type { TargetDefinition, Traits } from '#target';
import { JSON_FLAG, readArguments } from './arguments.ts';
import type { Command } from './contract.ts';
import { commandHelp } from './help.ts';
import { usage } from './usage.ts';

const FLAGS = { json: JSON_FLAG } as const;

/** `closewait targets` */
export const targets: Command = {
  name: 'targets',
  title: 'list the servers it knows, and which are installed',
  help: () =>
    commandHelp(
      'targets',
      ['Lists the servers that closewait knows, their versions and declared traits.'],
      FLAGS,
    ),
  run: (argv, registry, { stdout }) => {
    const { values, positionals } = readArguments(argv, FLAGS);
    if (positionals.length > 0) throw usage('targets takes no argument');
    const described = registry.targets.map(describe);
    if (values.json === true) {
      stdout.write(printableJson(described));
      return 0;
    }
    const rows = described.flatMap(({ name, title, installed, install, traits }) => {
      const state =
        installed?.version ?? (install === '' ? 'not available here' : `not installed: ${install}`);
      return [[name, printable(state), [title, ...traits].join('; ')]];
    });
    stdout.write(`${alignColumns([['target', 'version', 'about'], ...rows]).join('\n')}\n`);
    return 0;
  },
};

function describe(target: TargetDefinition) {
  const { name, title, install, traits } = target;
  return { name, title, installed: target.find(), install, traits: traitsInWords(traits) };
}

function traitsInWords({ closesFirst, largeThenCloses, dials, defersAccept }: Traits): readonly string[] {
  return [
    ...(closesFirst === undefined ? [] : ['closes first']),
    ...(largeThenCloses === undefined ? [] : [`answers ${largeThenCloses.bytes} bytes, then closes first`]),
    ...(dials === undefined ? [] : ['dials out']),
    ...(defersAccept === undefined ? [] : [`defers accept on its port '${defersAccept.port}'`]),
  ];
}
