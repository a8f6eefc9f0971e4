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
      return [
        [name, printable(state), title],
        ...(traits.length === 0 ? [] : [['', '', `can: ${traits.join('; ')}`]]),
      ];
    });
    const lines = alignColumns([['target', 'version', 'about'], ...rows]);
    stdout.write(
      `${lines.join('\n')}\n\nA server of your own: closewait run --exec "node server.js {port}"\n`,
    );
    return 0;
  },
};

function describe(target: TargetDefinition) {
  const { name, title, install, traits } = target;
  return { name, title, installed: target.find(), install, traits: traitsInWords(traits) };
}

function traitsInWords(traits: Traits): readonly string[] {
  const { closesFirst, shutsFirst, largeThenCloses, closesOnFin, dials, defersAccept } = traits;
  return [
    ...(closesFirst === undefined ? [] : ['close first']),
    ...(shutsFirst === undefined ? [] : ['shut down its sending side and go on reading']),
    ...(largeThenCloses === undefined ? [] : [`close behind ${largeThenCloses.bytes} bytes`]),
    ...(closesOnFin === true ? ['close when its client does'] : []),
    ...(dials === undefined ? [] : ['dial out']),
    ...(defersAccept === undefined ? [] : [`defer accept, on its port '${defersAccept.port}'`]),
  ];
}
