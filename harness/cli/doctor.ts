import { printable, printableJson } from '#report';
import type { Plane } from '#trace';
import { JSON_FLAG, readArguments } from './arguments.ts';
import type { Command, DoctorReport } from './contract.ts';
import { EXIT } from './exit.ts';
import { commandHelp } from './help.ts';
import { usage } from './usage.ts';

const FLAGS = { json: JSON_FLAG } as const;

/** `closewait doctor` */
export const doctor: Command = {
  name: 'doctor',
  title: 'say what this machine allows, what is missing, and what mends it',
  help: () =>
    commandHelp(
      'doctor',
      ['Says what this machine allows. Exit 4 when no plane works, so that nothing can run.'],
      FLAGS,
    ),
  run: async (argv, registry, { stdout }) => {
    const { values, positionals } = readArguments(argv, FLAGS);
    if (positionals.length > 0) throw usage('doctor takes no argument');
    const report = await registry.doctor();
    stdout.write(values.json === true ? printableJson(report) : `${diagnosis(report).join('\n')}\n`);
    return report.plane === null ? EXIT.privilege : EXIT.hold;
  },
};

const WHAT_RUNS: Readonly<Record<Plane, string>> = {
  wire: 'A run here uses the wire plane: a private network, every packet in our hands, all eleven states.',
  loopback:
    'A run here uses the loopback plane: kernel sockets alone, ten states, and SYN_RCVD where accept is deferred.',
};

function diagnosis({ items, plane }: DoctorReport): string[] {
  return [
    ...items.flatMap(({ name, ok, detail, remedy }) => [
      `${ok ? '✓' : '✗'} ${name}: ${printable(detail)}`,
      ...(remedy === '' ? [] : [`    remedy: ${remedy}`]),
    ]),
    '',
    plane === null ? 'No plane works here: closewait cannot run a case.' : WHAT_RUNS[plane],
  ];
}
